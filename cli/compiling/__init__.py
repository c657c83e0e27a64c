"""From a YAML to reviewed templates on disk, and no further."""
