"""Gives an environment that deletes itself more time, and prints the old and the new end.

A duration is added to the time that is left. A moment sets the end itself, which suits a job that may run twice. The
end is at most a year from now, and never earlier than before. Nothing else of the environment changes, and later
deploys keep the new end.

    windsock extend env.yaml 2d
    windsock extend env.yaml 2027-03-31T18:00Z
"""

from datetime import datetime, timedelta

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment, add_events, add_json
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from deployer.lifetime.ttl import extend, words
from spec.sections.ttl import WORDS, read_duration


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "time", metavar="TIME", help="how much longer: 90m, 12h, 3d or 2w; or until when: 2027-03-31T18:00Z"
    )
    add_json(parser)
    add_events(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Extend, and say both times."""
    time = time_of(call.options.time)
    env = selected(call)
    extension = extend(env, open_aws(call, env), time)
    facts = {"environment": env.name, "before": extension.before.isoformat(), "after": extension.after.isoformat()}
    sentence = f"{env.name} deletes itself at {words(extension.after)}."
    call.screen.result(facts, sentence, as_json=call.options.json)
    call.screen.say(f"Before, it was {words(extension.before)}.")
    return 0


def time_of(text: str) -> timedelta | datetime:
    """Read a duration such as `2d`, or a moment with its offset from UTC; raises `UsageRefusal`."""
    duration = read_duration(text)
    if duration is not None:
        return duration
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageRefusal(
            f"{text!r} is neither a duration nor a moment.",
            next_step=f"{WORDS[0].upper()}{WORDS[1:]}, or as 2027-03-31T18:00Z.",
        ) from None
    if moment.tzinfo is None:
        raise UsageRefusal(f"{text!r} does not say in which time zone.", next_step=f"Write {text}Z for UTC.")
    return moment
