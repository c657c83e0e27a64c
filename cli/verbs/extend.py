"""Gives an environment that deletes itself more time, and says when its time was and is over.

The time is added to what is left of it; nothing lives longer than a year from now. Nothing else of the environment is
touched, and deploys leave the new time as it is.

    windsock extend env.yaml 2d
"""

from datetime import timedelta

from cli.account import open_aws
from cli.chosen import chosen
from cli.parser import Parser, UsageRefusal, add_aws, add_environment
from cli.verb import Call
from deployer.expiry import extend, words
from spec.lifetime import WORDS, read_duration


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("duration", metavar="DURATION", help="how much longer: 90m, 12h, 3d or 2w")
    add_aws(parser)


def run(call: Call) -> int:
    """Extend, and say both times."""
    duration = duration_of(call.options.duration)
    env = chosen(call)
    extension = extend(env, open_aws(call, env), duration)
    call.screen.data(f"{env.name} deletes itself at {words(extension.after)}.")
    call.screen.say(f"Before, it was {words(extension.before)}.")
    return 0


def duration_of(text: str) -> timedelta:
    """Read a duration such as `2d`; raises `UsageRefusal`."""
    duration = read_duration(text)
    if duration is None:
        raise UsageRefusal(f"{text!r} is no duration.", next_step=f"{WORDS[0].upper()}{WORDS[1:]}.")
    return duration
