"""Who may reach the AWS API of the emulator, and in which form: signatures, origins, rates and lengths of requests."""
