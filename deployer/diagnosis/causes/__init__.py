"""The causes that a diagnosis knows, by where they lie; the roster says in which order they are looked for."""
