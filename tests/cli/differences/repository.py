"""A git repository for tests."""

import subprocess
from pathlib import Path


def commit(folder: Path, message: str = "change") -> str:
    """Commit everything in `folder`, which becomes a repository if it is none, and return the commit."""
    settings = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main")
    for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--allow-empty", "-m", message)):
        subprocess.run(["git", *settings, *words], cwd=folder, check=True)
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()
