"""The kinds of projects that `windsock init --from` takes over, one module each; the roster lists them."""
