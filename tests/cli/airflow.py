"""A web server on loopback that answers like Airflow 2 where the checks look."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

PASSWORD = "generated-password"
RUN = "manual__1"
API = "/api/v1"
SILENCE = "silence"
"""A state of a run that is never told: the server hangs up without an answer."""
FORM = '<form><input name="csrf_token" type="hidden" value="t"><input name="password"></form>'


@dataclass(kw_only=True)
class Airflow:
    """A server's answers: `listed` are the DAGs it knows, `states` the states of a run, one per request."""

    listed: set[str] = field(default_factory=lambda: {"tutorial"})
    states: list[str] = field(default_factory=lambda: ["success"])
    import_errors: list[dict[str, str]] = field(default_factory=list)
    greeting: str = "<h1>Hello, world!</h1>"
    log: str = "ValueError: no such table"
    switch: int = 200
    paused: bool = False
    form: str = FORM
    asks_programs: bool = False
    """Whether the REST API refuses passwords."""
    address: str = ""
    requests: list[str] = field(default_factory=list)

    def state(self) -> str:
        """Return the next state; the last one stays."""
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]


@contextmanager
def running_airflow() -> Iterator[Airflow]:
    """Serve it until the block ends."""
    airflow = Airflow()
    handler = type("AirflowPage", (_Page,), {"airflow": airflow})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        airflow.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield airflow
        finally:
            server.shutdown()
            thread.join(60)


class _Page(BaseHTTPRequestHandler):
    airflow: Airflow

    def do_GET(self) -> None:
        path = self._path()
        pages = {
            "/login/": self.airflow.form,
            "/home": "DAGs",
            "/hello/": self.airflow.greeting,
            f"{API}/dags": json.dumps(
                {"dags": [{"dag_id": dag} for dag in self.airflow.listed], "total_entries": len(self.airflow.listed)}
            ),
            f"{API}/importErrors": json.dumps({"import_errors": self.airflow.import_errors}),
        }
        if self.airflow.asks_programs and path.startswith(API):
            self._answer(401, "Unauthorized")
        elif path in pages:
            self._answer(200, pages[path])
        elif path.endswith(f"/dagRuns/{RUN}"):
            self._answer_state(self.airflow.state())
        elif path.removeprefix(f"{API}/dags/") in self.airflow.listed:
            self._answer(200, json.dumps({"is_paused": self.airflow.paused}))
        elif path.endswith("/taskInstances"):
            self._answer(
                200, json.dumps({"task_instances": [{"task_id": "load", "state": "failed", "start_date": "2026"}]})
            )
        elif path.endswith("/taskInstances/load/logs/1"):
            self._answer(200, self.airflow.log)
        else:
            self._answer(404, "not found")

    def _answer_state(self, state: str) -> None:
        if state == SILENCE:
            self.close_connection = True
        else:
            began, ended = "2026-03-01T02:00:00.250000+00:00", "2026-03-01T02:00:02.750000Z"
            self._answer(200, json.dumps({"state": state, "start_date": began, "end_date": ended}))

    def do_POST(self) -> None:
        path, body = self._path(), self._body()
        if path == "/login/":
            right = parse_qs(body).get("password") == [PASSWORD]
            self.send_response(302)
            self.send_header("Location", "/home" if right else "/login/")
            self.end_headers()
        else:
            self._answer(200, json.dumps({"dag_run_id": RUN}))

    def do_PATCH(self) -> None:
        dag = self._path().rpartition("/")[2]
        self._body()
        self._answer(self.airflow.switch if dag in self.airflow.listed else 404, json.dumps({"dag_id": dag}))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _path(self) -> str:
        path = unquote(urlsplit(self.path).path)
        self.airflow.requests.append(f"{self.command} {path}")
        return path

    def _body(self) -> str:
        return self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
