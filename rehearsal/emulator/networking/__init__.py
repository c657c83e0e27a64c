"""How containers and people reach each other: addresses, names, proxies, TLS, target health."""
