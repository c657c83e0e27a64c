"""The `windsock` command: argv to verb to exit code, importing next to nothing so that `--help` answers at once."""

import sys

from cli.command_line.all_verbs import GROUPS
from cli.terminal.version import VERSION

_HELP = """Usage: windsock VERB [OPTIONS]

One environment YAML to a reviewed, rehearsed and deployed Apache Airflow
cluster on AWS ECS Fargate.

{verbs}

Options:
  --profile NAME  AWS profile, instead of AWS_PROFILE
  --region NAME   AWS region; must be the one of the environment YAML
  -y, --yes       answer every question with yes
  -v, --verbose   show every resource while stacks change
  --no-color      no colours, as NO_COLOR does
  --debug         show the traceback of a failure
  --version       print the version
  -h, --help      print this, or with a verb what that verb does

Exit codes: 0 done, also when there was nothing to do; 1 failed; 2 the input is
wrong; 70 a bug in Windsock; 130 interrupted.
"""


def main(argv: list[str] | None = None) -> int:
    """Run the verb that `argv` names (without the program's name) and return the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        code = _answer(arguments)
        if sys.stdout:
            sys.stdout.flush()  # a reader that went away is noticed here, not by the dying interpreter
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the one place that catches every failure
        from cli.terminal.error_handler import report_failure  # noqa: PLC0415  # only a failure pays for it

        return report_failure(error, arguments)
    return code


def _answer(arguments: list[str]) -> int:
    if not arguments or arguments[0] in {"-h", "--help"} or arguments == ["help"]:
        return _write(help_text())
    if arguments[0] == "help":
        arguments = [*arguments[1:], "--help"]
    if arguments[0] == "--version":
        return _write(f"windsock {VERSION}\n")
    from cli.aws_access.kept_rehearsal import at_kept_rehearsal  # noqa: PLC0415  # --help must not pay for parsing
    from cli.command_line.dispatch import dispatch  # noqa: PLC0415  # nor for this

    return dispatch(arguments, at_kept_rehearsal)


def help_text() -> str:
    """Return what `windsock --help` prints."""
    groups = ("\n".join([f"{title}:", *_lines(verbs)]) for title, verbs in GROUPS.items())
    return _HELP.format(verbs="\n\n".join(groups))


def _lines(verbs: dict[str, str]) -> list[str]:
    return [f"  {name:<10} {line}" for name, line in verbs.items()]


def _write(text: str) -> int:
    if sys.stdout:
        sys.stdout.write(text)
    return 0
