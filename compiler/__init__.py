"""The drawing room: an environment becomes CloudFormation templates, by computation alone."""
