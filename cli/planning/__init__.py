"""The plans of verbs that change an environment, as people read them before they say yes."""
