"""Opens the AWS account and region of an environment, and prints which they are before anything happens there."""

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
    """Open AWS in the region of the command line, the variables or the profile; print account and region."""
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
    """Return the address of the web server when it is not the load balancer's, as in a kept rehearsal."""
    return call.variables.get("WINDSOCK_WEB_URL")


def visible_url(url: str, seen_at: str | None) -> str:
    """Return the address for a browser; where one address serves all sites, it contains the site's name."""
    if not seen_at:
        return url
    host = urlsplit(url).hostname or ""
    name = host.partition(".")[0] if host.endswith(_LOAD_BALANCERS) else host
    return f"http://{name}.localhost:{urlsplit(seen_at).port}"


def _credentials(call: Call) -> str:
    if profile := call.options.profile or call.variables.get("AWS_PROFILE"):
        return f"profile {profile}"
    if call.variables.get("AWS_ACCESS_KEY_ID"):
        return "credentials of the environment variables"
    return "profile default"
