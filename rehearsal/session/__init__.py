"""One emulator with all that runs in it: started, reached, and ended."""
