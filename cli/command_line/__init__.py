"""From argv to a verb: the parser, the list of verbs, and their reference pages."""
