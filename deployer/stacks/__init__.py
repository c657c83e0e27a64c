"""CloudFormation: change sets, events, statuses, parameters and outputs of nested stacks."""
