"""An embedded AWS that runs CloudFormation templates with real processes on this machine."""
