"""Corrections of MiniStack, one module each; a module goes when MiniStack does what AWS does."""
