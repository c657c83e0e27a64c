"""Opens the AWS of an environment, and prints which account, or which kept rehearsal, before anything happens there."""

from urllib.parse import urlsplit

from acceptance.sessions import find_kept
from cli.command_line.parser import UsageRefusal
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected_arguments
from cli.terminal.cache_dir import cache_root
from deployer.aws.session import Session, default_region, open_session
from deployer.stacks.preflight import check_account
from rehearsal.session.emulator_session import EmulatorSession
from spec.owner import Owner

_LOAD_BALANCERS = ".elb.amazonaws.com"


def open_aws(call: Call, owner: Owner) -> Session:
    """Open AWS for `owner`, print account, region and credentials, and refuse any account but that of its YAML."""
    region = call.options.region
    if region and region != owner.aws.region:
        raise UsageRefusal(
            f"{owner.name} lives in {owner.aws.region}, not in {region}.",
            why="The region is a fact of its YAML.",
            next_step="Leave --region out, or change aws.region.",
        )
    session = _open(call, owner.aws.region)
    check_account(owner, session)
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
    if emulator := kept_of(call):
        access_key, secret_key = rehearsal_keys(call, emulator)
        session = open_session(region, endpoint_url=emulator.endpoint_url, access_key=access_key, secret_key=secret_key)
        name = emulator.directory.name
        call.screen.say(f"Rehearsal of {name} on this machine, at {emulator.endpoint_url}, and not AWS")
        return session
    session = open_session(region, profile=call.options.profile)
    endpoint = call.variables.get("AWS_ENDPOINT_URL")
    place = f", at {endpoint}" if endpoint else ""
    call.screen.say(f"AWS account {session.account}, region {session.region}, {_credentials(call)}{place}")
    return session


def rehearsal_keys(call: Call, emulator: EmulatorSession) -> tuple[str | None, str]:
    """Return the keys with which a verb talks to a kept rehearsal: a user that somebody made there has its own."""
    variables = call.variables
    return variables.get("AWS_ACCESS_KEY_ID"), variables.get("AWS_SECRET_ACCESS_KEY", emulator.secret_key)


def kept_of(call: Call) -> EmulatorSession | None:
    """Return the kept rehearsal that a verb talks to; None for AWS."""
    return find_kept(cache_root(call.variables), call.variables.get("AWS_ENDPOINT_URL"))


def web_url(call: Call) -> str | None:
    """Return the address of the web server when it is not the load balancer's, as in a kept rehearsal."""
    return call.variables.get("WINDSOCK_WEB_URL")


def page_url(call: Call, name: str, url: str) -> str:
    """Return the one address at which a browser opens the page of an environment, whichever verb tells it.

    A rehearsal shows the environment that it was begun for; the address of another one contains the site's name.
    """
    emulator = kept_of(call)
    if emulator and emulator.directory.name == name:
        return f"{emulator.web_url}{urlsplit(url).path}"
    seen_at = web_url(call)
    return visible_url(url, seen_at) if url and seen_at else url


def password_hint(call: Call, command: str) -> str:
    """Return the command that prints the admin's password: our own in a rehearsal, to which no profile leads."""
    return f"windsock open {selected_arguments(call)} --password" if kept_of(call) else command


def visible_url(url: str, seen_at: str) -> str:
    """Return the address for a browser where one address serves all sites: it contains the site's name."""
    host = urlsplit(url).hostname or ""
    name = host.partition(".")[0] if host.endswith(_LOAD_BALANCERS) else host
    return f"http://{name}.localhost:{urlsplit(seen_at).port}{urlsplit(url).path}"


def _credentials(call: Call) -> str:
    if profile := call.options.profile or call.variables.get("AWS_PROFILE"):
        return f"profile {profile}"
    if call.variables.get("AWS_ACCESS_KEY_ID"):
        return "credentials of the environment variables"
    return "profile default"
