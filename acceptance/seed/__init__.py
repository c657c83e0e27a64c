"""The secrets of a rehearsal: values from files beside the YAML, put where the YAML says that they are."""
