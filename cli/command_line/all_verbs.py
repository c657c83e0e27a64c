"""The roster: every verb, in the order in which a user meets them; each lives in the module of its name."""

VERBS = {
    "init": "write a commented env.yaml to start from",
    "compile": "turn an environment YAML into linted CloudFormation templates",
    "cost": "say what an environment costs by AWS's list prices",
    "compose": "print a Compose file that runs an environment without AWS",
    "rehearse": "live the whole life of an environment on this machine",
    "deploy": "bring an environment up on AWS, or change it there",
    "secrets": "store what only people know, such as an OAuth client",
    "push": "bring DAGs, plugins and configuration only, without CloudFormation",
    "status": "say whether an environment is healthy, and where it is",
    "tunnel": "open the database or the web server on a port of this machine",
    "shell": "open a shell in a command container of an environment",
    "extend": "give an environment that deletes itself more time",
    "logs": "print what the processes of an environment say",
    "list": "list the environments of an account and region",
    "teardown": "take an environment down, with a receipt",
    "versions": "list the Airflow releases that Windsock runs",
    "schema": "print the JSON schema of the environment YAML",
}
