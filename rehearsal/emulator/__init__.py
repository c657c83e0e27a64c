"""What runs inside the emulator: MiniStack, patched where it differs from AWS, with real processes behind it."""
