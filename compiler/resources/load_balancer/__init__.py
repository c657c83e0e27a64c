"""Load balancers, their listeners, and the order of rules."""
