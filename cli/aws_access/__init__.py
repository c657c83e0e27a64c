"""The AWS that a verb talks to: account and region, and the transport into a container."""
