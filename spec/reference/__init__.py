"""Pages and the JSON schema that are made from the sections."""
