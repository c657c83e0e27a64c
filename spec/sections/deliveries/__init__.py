"""The ways of `code.delivery`, one module each."""
