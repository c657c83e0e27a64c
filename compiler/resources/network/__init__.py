"""The parts of a VPC: its subnets, their routes, and NAT gateways."""
