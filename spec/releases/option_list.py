"""Which options each Airflow release has, with their defaults, as the release itself lists them."""

import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from spec.releases.airflow_options import Config
from spec.releases.table import RELEASES

FILE = "options-{version}.json"
"""The name of a release's list, in the folder of the release."""

INDIRECT = ("_cmd", "_secret")
"""Airflow reads a sensitive option also from a command or a secrets backend, under its name with one of these."""


class OptionList(NamedTuple):
    """The options of a release and of the providers in its lock.

    `options` maps section and key to the default, None for none; names such as `core.fernet_key` stand in `sensitive`,
    which Airflow never shows, and in `renamed`, which maps an old name to the one that replaces it.
    """

    options: Mapping[str, Mapping[str, str | None]]
    sensitive: frozenset[str]
    renamed: Mapping[str, str]

    def knows(self, section: str, key: str) -> bool:
        """Whether the release has this option."""
        return key in self.options.get(section, {})

    def is_sensitive(self, section: str, key: str) -> bool:
        """Whether its value is a secret, or says where a secret is."""
        bare = next((key.removesuffix(end) for end in INDIRECT if key.endswith(end)), key)
        return f"{section}.{bare}" in self.sensitive

    def value(self, config: Config, section: str, key: str) -> str:
        """Return the value of an option, which `config` sets or the release; empty where neither does."""
        return str(config.get(section, {}).get(key, self.options.get(section, {}).get(key)) or "")

    def current_name(self, section: str, key: str) -> tuple[str, str]:
        """Return section and key under which the release has an option that was renamed."""
        if self.knows(section, key):
            return section, key
        new = self.renamed.get(f"{section}.{key}", f"{section}.{key}")
        return _split(new)

    def nearest(self, section: str, key: str) -> str:
        """Return the option that was probably meant, such as `core.parallelism`; empty when none is near."""
        names = [f"{name}.{option}" for name, options in self.options.items() for option in options]
        same_key = [name for name in names if name.endswith(f".{key}")]
        near = same_key or difflib.get_close_matches(f"{section}.{key}", names, n=1, cutoff=0.8)
        return near[0] if near else ""


@cache
def option_list(version: str) -> OptionList:
    """Return the options of a release."""
    file = RELEASES[version].folder / FILE.format(version=version)
    found = json.loads(file.read_text(encoding="utf-8"))
    return OptionList(found["options"], frozenset(found["sensitive"]), found["renamed"])


def doubtful_options(version: str, config: Config) -> Iterator[str]:
    """Yield a sentence for each option that the release does not have, with what was probably meant."""
    known = option_list(version) if config else None
    for section, options in config.items():
        for key in options:
            if known is None or known.knows(section, key) or known.is_sensitive(section, key):
                continue
            if (new := known.current_name(section, key)) != (section, key):
                yield f"Airflow {version} calls the option {section}.{key} {'.'.join(new)}."
            else:
                near = known.nearest(section, key)
                guess = f" Did you mean {near}?" if near else ""
                yield f"Airflow {version} has no option {section}.{key}.{guess}"


def _split(name: str) -> tuple[str, str]:
    section, _, key = name.rpartition(".")
    return section, key
