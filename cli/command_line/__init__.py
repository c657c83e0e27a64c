"""From argv to a verb: the parser, the roster of verbs, and their reference pages."""
