"""What CI runs for a project, by the kind of its host; each is a file of the new project."""
