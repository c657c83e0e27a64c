"""The list of verbs, in the order in which a user needs them; each is a module of `cli.verbs`."""

VERBS = {
    "init": "write a commented env.yaml to start from",
    "compile": "turn an environment YAML into linted CloudFormation templates",
    "cost": "print what an environment costs by AWS's list prices",
    "policy": "print the least that IAM must allow to deploy and use an environment",
    "compose": "print a Compose file that runs an environment without AWS",
    "rehearse": "deploy, check and take down an environment on this machine",
    "deploy": "bring an environment up on AWS, or change it there",
    "secrets": "store the OAuth client of an environment",
    "push": "upload DAGs, plugins and configuration, without CloudFormation",
    "status": "show whether an environment is healthy, and its address",
    "tunnel": "open the database or the web server on a port of this machine",
    "shell": "open a shell in a command container of an environment",
    "extend": "give an environment that deletes itself more time",
    "logs": "print the logs of an environment's processes",
    "list": "list the environments of an account and region",
    "teardown": "take an environment down, with a report of what is gone",
    "versions": "list the Airflow releases that Windsock runs",
    "schema": "print the JSON schema of the environment YAML",
}
