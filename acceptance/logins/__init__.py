"""How people log in to a rehearsed environment: one module per kind of `auth`, and the checks of each."""
