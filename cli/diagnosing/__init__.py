"""How a diagnosis is shown, and which verbs end with one."""
