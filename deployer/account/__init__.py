"""What an account must have before anything is created in it: service-linked roles, room under its quotas."""
