"""Carries an existing project over: the nearest release, and the options that may stand in the YAML."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cli.starting.understood import LeftOut, Understood
from spec.releases.option_list import OptionList, option_list
from spec.releases.owned_options import owned_option
from spec.releases.table import NEWEST, RELEASES, Release
from spec.sections.airflow import ConfigValue

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})")
_TRUTH = {"true": True, "false": False}
_ONE_MACHINE = ("{AIRFLOW_HOME}", "$", "`")
_LOCAL = ("LocalExecutor", "SequentialExecutor", "")


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What goes into the new YAML, what was done to get there, and what was left behind."""

    release: Release
    config: Mapping[str, Mapping[str, ConfigValue]]
    notes: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def carry(found: Understood) -> Carried:
    """Choose the release, and of the options those that differ from its defaults and are neither secret nor ours."""
    release = nearest(found.version)
    known = option_list(release.version)
    config: dict[str, dict[str, ConfigValue]] = {}
    notes = [_of_release(found.version, release)]
    left = [*found.left_out, *_of_executor(found)]
    for (section, key), value in found.options.items():
        new_section, new_key = known.current_name(section, key)
        if reason := _unfit(known, release, (new_section, new_key), value):
            left.append(LeftOut(f"option {section}.{key}", reason))
        elif value.strip().lower() not in _defaults(known, release, new_section, new_key):
            config.setdefault(new_section, {})[new_key] = typed(value)
            if (new_section, new_key) != (section, key):
                notes.append(f"{section}.{key} is called {new_section}.{new_key} in Airflow {release.version}.")
    return Carried(release=release, config=config, notes=tuple(notes), left_out=tuple(left))


def nearest(version: str) -> Release:
    """Return the release that is nearest to `version`: of the same series, or else the next one after it."""
    if not version:
        return NEWEST
    wanted = _numbers(version)
    ordered = sorted(RELEASES.values(), key=lambda release: _numbers(release.version))
    same = [release for release in ordered if _numbers(release.version)[:2] == wanted[:2]]
    later = [release for release in ordered if _numbers(release.version) >= wanted]
    return (*same, *later, ordered[-1])[0]


def typed(value: str) -> ConfigValue:
    """Return a value of airflow.cfg as YAML would have it."""
    if value.lower() in _TRUTH:
        return _TRUTH[value.lower()]
    return int(value) if _NUMBER.fullmatch(value) else value


def _of_release(version: str, release: Release) -> str:
    if not version:
        return f"It does not say which Airflow it runs; the YAML has the newest, {release.version}."
    if version == release.version:
        return f"It runs Airflow {version}, and so does the YAML."
    return f"It runs Airflow {version}; the nearest that Windsock runs is {release.version}."


def _of_executor(found: Understood) -> Iterator[LeftOut]:
    if found.executor not in _LOCAL:
        yield LeftOut(
            f"executor {found.executor}",
            "Windsock runs tasks in the scheduler; `airflow.executor: ecs` gives each a Fargate task",
        )


def _unfit(known: OptionList, release: Release, name: tuple[str, str], value: str) -> str:
    """Say why an option cannot stand in the YAML; empty when it can."""
    section, key = name
    if owned_option(section, key):
        return "Windsock sets it itself"
    if known.is_sensitive(section, key) or "password" in key:
        return "it holds a secret, which must not stand in a template"
    if not known.knows(section, key) or not (_KEY.fullmatch(section) and _KEY.fullmatch(key)):
        near = known.nearest(section, key)
        return f"Airflow {release.version} has no such option" + (f"; it has {near}" if near else "")
    if any(mark in value for mark in _ONE_MACHINE) or "\n" in value or value.startswith("/"):
        return "its value is a path of one machine, an expression or has several lines; set it in airflow.config"
    return ""


def _defaults(known: OptionList, release: Release, section: str, key: str) -> set[str]:
    """Return the values that need no line in the YAML: those of Airflow and of Windsock."""
    of_windsock = release.config.get(section, {}).get(key)
    defaults = (known.options[section][key], of_windsock)
    return {str(value).strip().lower() for value in defaults if value is not None} or {""}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]+", version))
