"""One narrow client per AWS service: frozen values out, errors named at the door."""
