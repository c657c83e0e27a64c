"""The play of a rehearsal: an environment is deployed to an AWS, observed from outside, and taken down again."""
