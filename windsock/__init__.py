"""What other programs find of Windsock: this package; a wheel holds all others below it, a checkout beside it."""
