"""The foundation: what an environment may be. Knows neither AWS nor CloudFormation, reads one file and nothing else."""
