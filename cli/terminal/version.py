"""Which Windsock this is; reading it from the installed package would cost more than all of `windsock --help`."""

VERSION = "0.1.0"
