"""The promises of rehearsal/clients/airflow_client.py, against a small server that plays either Airflow release."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure, WebFacts

PLUGIN_PAGE = "/hello/"
RELAY, SITE = "/auth/", "http://airflow.invalid/airflow"
"""A page that leads to the name of the site."""
AIRFLOW_2 = WebFacts(health_path="/health", api_path="/api/v1", login="session")
AIRFLOW_3 = WebFacts(health_path="/api/v2/monitor/health", api_path="/api/v2", login="token")
USER, PASSWORD = "airflow", "right-password"
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
FORM = '<form><input id="csrf_token" name="csrf_token" type="hidden" value="from-this-site"><input name="password"/>'
RUN = "manual__2026-01-01T00:00:00+00:00"
DAGS = 250
TASKS = [
    {"task_id": "extract", "state": "success", "start_date": "2026-01-01T00:00:01Z", "try_number": 2},
    {"task_id": "load", "state": "failed", "start_date": "2026-01-01T00:00:02Z", "try_number": 1},
    {"task_id": "tell", "state": "upstream_failed"},
    {"task_id": "later", "state": None},
]


@dataclass(kw_only=True)
class Airflow:
    """What the server knows: which release it plays, and its requests so far."""

    facts: WebFacts
    starting: bool = False
    broken: list[dict[str, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)
    address: str = ""
    asks_password: bool = True
    home: str = ""
    """Where a login leads, if not to the page of health."""

    @property
    def form(self) -> str:
        """Where the login form is."""
        return "/login/" if self.facts.login == "session" else "/auth/login/"


class Page(BaseHTTPRequestHandler):
    """Answers as the release's web server does, as far as the client uses it."""

    airflow: Airflow

    def do_GET(self) -> None:
        """Pages, health, runs and logs."""
        path = self._path()
        facts = self.airflow.facts
        if self.airflow.starting:
            self._answer(502, "<html>Bad   Gateway</html>")
        elif path == facts.health_path:
            self._answer(200, json.dumps({"scheduler": {"status": "healthy"}}))
        elif path == self.airflow.form:
            self._answer(200, FORM if self.airflow.asks_password else "<a>GitHub</a>")
        elif path == RELAY:
            self._send_to(SITE)
        elif path == PLUGIN_PAGE:
            self._answer(200, "Hello, world!") if self._session() else self._send_to(self.airflow.form)
        elif path == f"{facts.api_path}/dags/tutorial/dagRuns/{RUN}" and self._known():
            self._answer(200, json.dumps({"state": "success"}))
        elif path == f"{facts.api_path}/dags/tutorial/dagRuns/{RUN}/taskInstances" and self._known():
            self._answer(200, json.dumps({"task_instances": TASKS}))
        elif path == f"{facts.api_path}/dags/tutorial/dagRuns/{RUN}/taskInstances/load" and self._known():
            self._answer(200, json.dumps(TASKS[1]))
        elif self._known():
            self._answer_api(path.removeprefix(facts.api_path))
        else:
            self._answer(404, json.dumps({"detail": "not found"}))

    def _answer_api(self, path: str) -> None:
        if path == "/dags":
            self._list_dags()
        elif path == "/importErrors":
            self._answer(200, json.dumps({"import_errors": self.airflow.broken}))
        elif path.endswith("/taskInstances/load/logs/1"):
            self._log()
        else:
            self._answer(404, json.dumps({"detail": "not found"}))

    def _list_dags(self) -> None:
        """Return the DAGs page by page, as many as are asked for."""
        asked = parse_qs(urlsplit(self.path).query)
        start, limit = int(asked["offset"][0]), int(asked["limit"][0])
        page = [{"dag_id": f"dag_{number}"} for number in range(DAGS)][start : start + limit]
        self._answer(200, json.dumps({"dags": page, "total_entries": DAGS}))

    def do_POST(self) -> None:
        """Answer the login form, requests for tokens, and new runs."""
        path, body = self._path(), self._body()
        if path == self.airflow.form:
            form = {name: values[0] for name, values in parse_qs(body).items()}
            right = form == {"username": USER, "password": PASSWORD, "csrf_token": "from-this-site"}
            self._send_to("/" if right else self.airflow.form, session=right)
        elif path == "/" or not self._known(path):
            self._answer(403, json.dumps({"detail": "who are you?"}))
        else:
            self._change(body, {"access_token": "a-token"} if path == "/auth/token" else {"dag_run_id": RUN})

    def do_PATCH(self) -> None:
        """Pause or unpause the DAG."""
        self._path()
        self._change(self._body(), {"dag_id": "tutorial"})

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def _path(self) -> str:
        path = unquote(urlsplit(self.path).path)
        self.airflow.requests.append(f"{self.command} {path}")
        return path

    def _body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

    def _session(self) -> bool:
        return "session=yes" in self.headers.get("Cookie", "")

    def _known(self, path: str = "") -> bool:
        if self.airflow.facts.login == "session":
            return self._session() or self.headers.get("Authorization") == BASIC
        return path == "/auth/token" or self.headers.get("Authorization") == "Bearer a-token"

    def _change(self, body: str, answer: dict[str, str]) -> None:
        self.airflow.bodies.append(json.loads(body))
        self._answer(200, json.dumps(answer))

    def _log(self) -> None:
        if self.headers["Accept"] == "text/plain":
            self._answer(200, "INFO - Total\nINFO - Done")
        else:
            self._answer(200, json.dumps({"content": [{"event": "Total"}, {"event": "Done"}]}))

    def _send_to(self, path: str, *, session: bool = False) -> None:
        self.send_response(302)
        self.send_header("Location", path if path != "/" else self.airflow.home or self.airflow.facts.health_path)
        if session:
            self.send_header("Set-Cookie", "session=yes; Path=/; Secure")
        self.end_headers()

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())


@pytest.fixture(params=[AIRFLOW_2, AIRFLOW_3], ids=["airflow-2", "airflow-3"])
def airflow(request: pytest.FixtureRequest) -> Iterator[Airflow]:
    """Start a server on loopback that answers as one release of Airflow does."""
    played = Airflow(facts=request.param)
    handler = type("PageOfRelease", (Page,), {"airflow": played})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        played.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield played
        server.shutdown()
        thread.join()


@pytest.fixture
def client(airflow: Airflow) -> AirflowClient:
    """Return a client of that server."""
    return AirflowClient(airflow.address, airflow.facts)


@pytest.fixture
def guest(client: AirflowClient) -> AirflowClient:
    """Return a client that is logged in."""
    client.login(USER, PASSWORD)
    return client


def test_health_is_read_without_a_login(client: AirflowClient) -> None:
    """Health is an object, and needs no login."""
    assert client.health() == {"scheduler": {"status": "healthy"}}


def test_the_plugin_page_opens_after_the_login(guest: AirflowClient) -> None:
    """The browser's session opens the page of the plugin."""
    assert guest.page(PLUGIN_PAGE) == "Hello, world!"


def test_added_cookies_are_sent(client: AirflowClient) -> None:
    """A session from elsewhere goes with every request."""
    client.add_cookies({"session": "yes"})
    assert client.page(PLUGIN_PAGE) == "Hello, world!"


def test_another_address_is_used_from_then_on(airflow: Airflow) -> None:
    """The web server behind the first address may be gone."""
    client = AirflowClient("http://127.0.0.1:1", airflow.facts)
    client.use_address(airflow.address)
    assert client.health() == {"scheduler": {"status": "healthy"}}


def test_a_page_that_asks_for_a_login_is_a_failure(client: AirflowClient) -> None:
    """The login form is not taken for the page that leads there."""
    with pytest.raises(AirflowClientFailure, match="asks for a login"):
        client.page(PLUGIN_PAGE)


def test_a_wrong_password_is_reported(client: AirflowClient) -> None:
    """A refused login names the user, and never the password."""
    with pytest.raises(AirflowClientFailure, match="did not let 'airflow' log in") as failure:
        client.login(USER, "wrong-password")
    assert "wrong-password" not in str(failure.value)


def test_the_login_form_is_submitted_once(guest: AirflowClient, airflow: Airflow) -> None:
    """A whole visit spends one of the five logins that Flask-AppBuilder allows in forty seconds."""
    guest.unpause("tutorial")
    guest.run_state("tutorial", guest.trigger("tutorial"))
    guest.page(PLUGIN_PAGE)
    assert airflow.requests.count(f"POST {airflow.form}") == 1


@pytest.mark.parametrize("home", [SITE, RELAY])
def test_a_login_that_leads_to_the_name_of_the_site_is_one(client: AirflowClient, airflow: Airflow, home: str) -> None:
    """At once, or by way of a page; nobody answers at that name here: it is not opened."""
    airflow.home = home
    client.login(USER, PASSWORD)
    assert client.page(PLUGIN_PAGE) == "Hello, world!"


def test_a_site_where_people_log_in_elsewhere_takes_the_password_of_programs(
    client: AirflowClient, airflow: Airflow
) -> None:
    """No form is sent, and no page opens."""
    airflow.asks_password = False
    client.login(USER, PASSWORD)
    assert f"POST {airflow.form}" not in airflow.requests
    assert not client.opens_pages
    assert client.run_state("tutorial", RUN) == "success"


def test_the_dags_of_every_page_are_listed(guest: AirflowClient) -> None:
    """A page has a hundred."""
    assert guest.dags() == {f"dag_{number}" for number in range(DAGS)}


def test_a_dag_is_unpaused_and_triggered(guest: AirflowClient, airflow: Airflow) -> None:
    """Unpausing and triggering say what Airflow wants to hear; the odd characters of a run id reach it whole."""
    guest.unpause("tutorial")
    run = guest.trigger("tutorial")
    assert (run, guest.run_state("tutorial", run)) == (RUN, "success")
    guest.pause("tutorial")
    assert [body for body in airflow.bodies if "is_paused" in body] == [{"is_paused": False}, {"is_paused": True}]
    assert str(airflow.bodies[-2]["logical_date"]).endswith("+00:00")


def test_a_task_log_is_read_as_the_web_interface_shows_it(guest: AirflowClient) -> None:
    """The log is lines of text on either release."""
    log = guest.task_log("tutorial", RUN, "load")
    assert [line.removeprefix("INFO - ") for line in log.splitlines()] == ["Total", "Done"]


def test_logs_of_failed_tasks_are_read(guest: AirflowClient) -> None:
    """Not of those that went well or never ran; each log has its task's name before it."""
    logs = guest.failed_task_logs("tutorial", RUN)
    assert [text.replace("INFO - ", "") for text in logs] == ["load: Total\nDone"]


def test_tries_of_tasks_are_counted(guest: AirflowClient) -> None:
    """Tasks that never began were not tried; one of them is returned as the API has it."""
    assert guest.tries("tutorial", RUN) == {"extract": 2, "load": 1}
    assert guest.task("tutorial", RUN, "load")["state"] == "failed"


def test_import_errors_are_listed(guest: AirflowClient, airflow: Airflow) -> None:
    """File by file with its traceback; nothing when there is nothing."""
    assert guest.import_errors() == ()
    airflow.broken = [
        {"filename": "one.py", "stack_trace": "Traceback\n  NameError: x\n\n"},
        {"filename": "two.py", "stack_trace": "SyntaxError"},
    ]
    assert guest.import_errors() == ("one.py: Traceback\n  NameError: x", "two.py: SyntaxError")


def test_import_errors_need_permission(client: AirflowClient) -> None:
    """A failure to ask is no empty list."""
    with pytest.raises(AirflowClientFailure, match="importErrors was answered with 404"):
        client.import_errors()


def test_a_failure_names_address_status_and_first_words(client: AirflowClient, airflow: Airflow) -> None:
    """A server that is still starting is not hidden: the caller sees its status and decides."""
    airflow.starting = True
    with pytest.raises(AirflowClientFailure) as failure:
        client.health()
    assert failure.value.status == 502
    assert f"{airflow.address}{airflow.facts.health_path}" in failure.value.what
    assert "<html>Bad Gateway</html>" in failure.value.why


def test_a_server_that_does_not_answer_is_reported() -> None:
    """No server at all is a failure without a status."""
    with pytest.raises(AirflowClientFailure, match="got no answer") as failure:
        AirflowClient("http://127.0.0.1:9", AIRFLOW_2).health()
    assert failure.value.status is None


def test_a_page_in_place_of_json_is_a_failure(airflow: Airflow) -> None:
    """An answer that is no JSON object is quoted rather than parsed."""
    facts = WebFacts(health_path=airflow.form, api_path="/api/v1", login="session")
    with pytest.raises(AirflowClientFailure, match="not a JSON object"):
        AirflowClient(airflow.address, facts).health()
