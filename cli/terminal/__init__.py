"""Everything that reaches the terminal: results, progress, questions and errors."""
