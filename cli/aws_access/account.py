"""Opens the AWS that an environment lives in, and says which one that is before anything happens there."""

from pathlib import Path
from urllib.parse import urlsplit

from cli.command_line.parser import UsageRefusal
from cli.command_line.verb import Call
from deployer.aws.session import Session, default_region, open_session
from deployer.stacks.preflight import check_account
from spec.environment import Environment

_LOAD_BALANCERS = ".elb.amazonaws.com"


def open_aws(call: Call, env: Environment) -> Session:
    """Open AWS for `env`, print account, region and credentials, and refuse any account but the environment's."""
    region = call.options.region
    if region and region != env.aws.region:
        raise UsageRefusal(
            f"{env.name} lives in {env.aws.region}, not in {region}.",
            why="The region of an environment is a fact of its YAML.",
            next_step="Leave --region out, or change aws.region.",
        )
    session = _open(call, env.aws.region)
    check_account(env, session)
    return session


def open_region(call: Call) -> Session:
    """Open AWS where the command line, the environment variables or the profile say; print which that is."""
    region = call.options.region or default_region(call.options.profile)
    if not region:
        raise UsageRefusal(
            "It is not said which region is meant.",
            next_step="Name one with --region or AWS_REGION, or give the profile one.",
        )
    return _open(call, region)


def _open(call: Call, region: str) -> Session:
    session = open_session(region, profile=call.options.profile)
    endpoint = call.variables.get("AWS_ENDPOINT_URL")
    place = f", at {endpoint}" if endpoint else ""
    call.screen.say(f"Account {session.account}, region {session.region}, {_credentials(call)}{place}")
    return session


def web_url(call: Call) -> str | None:
    """Return where the web server answers when that is not the load balancer's address, as in a kept rehearsal."""
    return call.variables.get("WINDSOCK_WEB_URL")


def visible_url(url: str, seen_at: str | None) -> str:
    """Return the address to give to a browser; where one address stands for all sites, the site's name goes into it."""
    if not seen_at:
        return url
    host = urlsplit(url).hostname or ""
    name = host.partition(".")[0] if host.endswith(_LOAD_BALANCERS) else host
    return f"http://{name}.localhost:{urlsplit(seen_at).port}"


def airflow_home(env: Environment) -> Path:
    """Return the folder with the environment's code; environments are used from the root of their checkout."""
    return Path.cwd() / env.airflow.home


def _credentials(call: Call) -> str:
    if profile := call.options.profile or call.variables.get("AWS_PROFILE"):
        return f"profile {profile}"
    if call.variables.get("AWS_ACCESS_KEY_ID"):
        return "credentials of the environment variables"
    return "profile default"
