"""Templates to money: what the resources of an environment cost, by a table of list prices."""
