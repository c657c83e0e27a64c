"""What an environment costs, as a page and as advice."""
