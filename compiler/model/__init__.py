"""What a template is made of: the stack builder, the values between stacks, connections, and the YAML."""
