"""Another folder of plugins, which the first imports."""
