"""How containers and browsers reach each other: addresses, names, proxies, TLS, target health."""
