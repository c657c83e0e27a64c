"""Who may do what in the emulator: principals, their policies, and the decision for each call."""
