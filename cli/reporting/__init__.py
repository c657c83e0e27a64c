"""One page for reviewers: what changes, what it costs, who may do what, and what a rehearsal has shown."""
