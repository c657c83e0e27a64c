"""Small corrections of MiniStack 1.5.33, one room each; a room goes when upstream does what AWS does."""
