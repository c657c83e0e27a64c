"""Prints the options of the Airflow whose Python runs this, as one line of JSON."""

import json
import sys
from pathlib import Path
from typing import Any

import airflow  # it is in the release's environment, not in ours
import yaml
from airflow.configuration import conf
from airflow.providers_manager import ProvidersManager

options: dict[str, dict[str, str | None]] = {}
sensitive = {f"{section}.{key}" for section, key in conf.sensitive_config_values}


def add(section: str, described: Any) -> None:
    """Add the options of a section, which are a list in older releases."""
    if isinstance(described, list):
        described = {each["name"]: each for each in described}
    for key, option in (described or {}).items():
        default = option.get("default")
        options.setdefault(section, {})[key] = None if default is None else str(default)
        if option.get("sensitive"):
            sensitive.add(f"{section}.{key}")


core = yaml.safe_load((Path(airflow.__file__).parent / "config_templates" / "config.yml").read_text(encoding="utf-8"))
sections = {each["name"]: each for each in core} if isinstance(core, list) else core
for name, section in sections.items():
    add(name, section["options"])
for info in ProvidersManager().providers.values():
    for name, section in (info.data.get("config") or {}).items():
        add(name, section["options"])

found = {
    "options": {name: dict(sorted(keys.items())) for name, keys in sorted(options.items())},
    "sensitive": sorted(sensitive),
    "renamed": {
        f"{old[0]}.{old[1]}": f"{new[0]}.{new[1]}"
        for new, old in sorted(conf.deprecated_options.items(), key=lambda pair: pair[1][:2])
    },
}
sys.stdout.write(json.dumps(found) + "\n")
