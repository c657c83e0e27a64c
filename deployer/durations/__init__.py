"""How long AWS takes: by a model of what waits for what, and by what earlier runs took."""
