"""The sites behind load balancers: rules for one, and the load balancer that several share."""
