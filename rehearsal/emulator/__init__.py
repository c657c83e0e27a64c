"""What runs inside the bed: MiniStack, patched where it differs from AWS, with real processes behind it."""
