"""How long an environment lives, and how it is brought to rest."""
