"""The foundation: what an environment may be; it knows neither AWS nor CloudFormation, and reads one file."""
