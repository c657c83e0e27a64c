"""What the user of a rehearsal does with an environment: looks, keeps a secret, changes, pushes, and takes it down."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cli.terminal.progress_lines import Lines
from compiler.compile import compile_environment
from deployer.teardown import teardown
from tests.life.enforcement.deployed import Deployed
from tests.life.kept import ROOT, Kept

SECRET, VALUE = "warehouse", "of-the-warehouse\n"


def use(deployed: Deployed, checkout: Path) -> None:
    """Look at it, open a shell, keep a secret, change what every resource has, and push."""
    kept, file = _as_user(deployed), str(deployed.kept.environment)
    process = deployed.env.processes[0].name
    looks = (("status", file), ("logs", file, process), ("shell", file, "--", "true"), ("open", file, "--password"))
    for verb in (*looks, ("diff", file), *_secret_verbs(file)):
        done = kept.run(*verb, typed=VALUE)
        assert done.returncode == 0, done.stderr
    shutil.copytree(ROOT / "airflow_home", checkout / "airflow_home", ignore=shutil.ignore_patterns("__pycache__"))
    (checkout / "airflow_home" / "dags" / "mine.py").write_text("# nothing to run\n", encoding="utf-8")
    text = deployed.kept.environment.read_text(encoding="utf-8")
    changed = re.sub(r"retention_days: \d+", "retention_days: 365", text.replace("team: data", "squad: data"))
    assert changed != text
    done = kept.deploy(changed, checkout)
    assert done.returncode == 0, done.stderr
    (checkout / "airflow_home" / "dags" / "mine.py").unlink()
    done = kept.run("push", "env.yaml", checkout=checkout)
    assert done.returncode == 0, done.stderr
    if deployed.env.ttl:
        done = kept.run("extend", file, "1d")
        assert done.returncode == 0, done.stderr


def take_down(deployed: Deployed) -> None:
    """Take it down, whatever protects it."""
    env = deployed.env
    bare = compile_environment(env.model_copy(update={"protect": False}))
    teardown(env, deployed.principal, progress=Lines(lambda _: None), unprotect=env.name, unprotected=bare)


def _secret_verbs(file: str) -> Sequence[tuple[str, ...]]:
    """Return the verbs that store a secret, replace its value, remove it, and bring it back."""
    store, remove = ("secrets", "set", file, SECRET), ("secrets", "rm", file, SECRET, "--yes")
    return store, store, ("secrets", "list", file), remove, store


def _as_user(deployed: Deployed) -> Kept:
    keys = deployed.principal_keys
    variables = {**deployed.kept.variables, "AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1]}
    return replace(deployed.kept, variables=variables)
