"""The list of verbs in five groups, as a user needs them; each verb is a module of `cli.verbs`."""

GROUPS = {
    "Write and review": {
        "init": "write a project to start from, also around an Airflow that exists",
        "compile": "turn an environment YAML into linted CloudFormation templates",
        "diff": "show what a deploy would change, and which line of the YAML does",
        "graph": "draw who reaches whom, who reads which secret, and what is state",
        "report": "write one page for reviewers: change, cost, rights, state",
        "cost": "print what an environment costs by AWS's list prices",
        "policy": "print the least IAM rights to deploy and use an environment",
    },
    "Try on this machine": {
        "rehearse": "deploy, check and take down an environment on this machine",
        "dev": "run an environment on this machine and follow its files",
        "compose": "print a Compose file that runs an environment without AWS",
    },
    "Bring to AWS": {
        "deploy": "bring an environment up on AWS, or change it there",
        "network": "make the VPC that several environments share, or take it down",
        "upgrade": "look whether you are ready for another Airflow release",
        "push": "upload DAGs, plugins and configuration, without CloudFormation",
        "releases": "list the releases of the code of an environment",
        "rollback": "go back to an earlier release of the code",
        "restore": "take the database of an environment back to a moment",
        "secrets": "store, list and remove the secrets of an environment",
        "extend": "give an environment that deletes itself more time",
        "teardown": "take an environment down, with a report of what is gone",
    },
    "See and reach": {
        "status": "show whether an environment is healthy, and its address",
        "diagnose": "say why an environment does not work, and what to change",
        "open": "open the page of an environment, or print its password",
        "run": "run a DAG, or one of its tasks, and follow what it logs",
        "logs": "print the logs of an environment's processes",
        "list": "list the environments of an account and region",
        "sbom": "print which packages the deployed image consists of",
        "tunnel": "open the database or the web server on a port of this machine",
        "shell": "open a shell in a command container of an environment",
    },
    "Look up": {
        "versions": "list the Airflow releases that Windsock runs",
        "schema": "print the JSON schema of the environment YAML",
        "completion": "print what completes verbs and options in your shell",
    },
}

VERBS = {name: line for verbs in GROUPS.values() for name, line in verbs.items()}

_TEARDOWN = "teardown", "destroy delete down remove rm kill stop terminate undeploy uninstall"
_MEANINGS = (
    _TEARDOWN,
    ("init", "new create scaffold setup import bootstrap"),
    ("compile", "build synth template validate check lint render generate package"),
    ("diff", "plan preview changes compare difference changeset"),
    ("rehearse", "test try local simulate start"),
    ("dev", "develop watch serve live reload"),
    ("deploy", "up apply launch update install provision"),
    ("network", "vpc networks subnets"),
    ("upgrade", "migrate readiness ready"),
    ("push", "sync upload publish release"),
    ("releases", "history versions-of-code deployments"),
    ("rollback", "revert undo back"),
    ("restore", "recover backup backups pitr point-in-time"),
    ("status", "health info describe show ps"),
    ("diagnose", "why doctor troubleshoot debug explain"),
    ("open", "browse browser web ui url password"),
    ("run", "trigger execute"),
    ("logs", "log tail"),
    ("list", "ls environments"),
    ("shell", "exec ssh bash sh cli"),
    ("tunnel", "connect proxy port-forward forward db psql"),
    ("graph", "draw picture diagram architecture"),
    ("report", "html page review summary"),
    ("cost", "price prices pricing estimate bill"),
    ("policy", "iam permissions rights roles"),
    ("extend", "prolong ttl renew"),
    ("secrets", "secret credentials"),
    ("sbom", "bom packages cyclonedx audit"),
    ("compose", "docker docker-compose podman"),
    ("versions", "airflow"),
    ("completion", "complete completions autocomplete"),
)
MEANT = {word: verb for verb, words in _MEANINGS for word in words.split()}
"""What other tools call a verb. A word for the end of things never leads to a verb that begins them."""
