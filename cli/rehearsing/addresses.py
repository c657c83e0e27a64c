"""Says how to reach an environment that runs on this machine."""

from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected_arguments
from cli.terminal.screen import columns
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment


def tell_addresses(
    call: Call, env: Environment, emulator: EmulatorSession, following: tuple[tuple[str, str], ...]
) -> None:
    """Print the address of the page, the user, the command for the password, and the lines that are `following`."""
    screen = call.screen
    if env.web.domain:
        site = f"https://{env.web.domain}"
        screen.say(
            f"A browser whose proxy is {emulator.web_url} meets {site}, with a certificate of the rehearsal's own."
        )
    facts = [
        (
            "airflow",
            f"{emulator.web_url}{env.airflow.base_path}" if env.web.has_load_balancer else "by `windsock tunnel` alone",
        ),
        ("user", env.auth.first_user.username),
        ("password", f"windsock open {selected_arguments(call)} --password"),
        ("aws", emulator.endpoint_url),
    ]
    screen.say(columns([*facts, *following]))
