"""What a deploy would lose beside what a template or change set is sure to replace."""
