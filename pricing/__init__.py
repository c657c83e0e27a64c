"""What an environment costs: AWS's list prices with date and source, asked for what its templates draw."""
