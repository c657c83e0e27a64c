"""Uses Airflow over HTTP as a browser does: logs in, runs a DAG, reads a task's log, opens a page."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import quote, urljoin, urlsplit

import requests

from rehearsal.clients.plain_cookies import PlainCookies
from rehearsal.clients.task_logs import log_text
from rehearsal.host.errors import RehearsalFailure

# Seconds to connect and to wait for an answer: generous, since a task with a quarter of a processor is slow.
TIMEOUT = (5, 30)
QUOTED_CHARACTERS = 200
LOG_CHARACTERS = 2000
PAGE_ENTRIES = 100
REDIRECTS = 10
# The path of the login form, by how programs log in to the same web server.
LOGIN_FORMS: Mapping[str, str] = MappingProxyType({"session": "/login/", "token": "/auth/login/"})
# Airflow 2 writes the repr of Python values into a JSON log, but plain lines into a text. Airflow 3 has JSON.
LOG_FORMATS: Mapping[str, str] = MappingProxyType({"session": "text/plain", "token": "application/json"})
TOKEN_PATH = "/auth/token"  # noqa: S105  an address, not a password
CSRF_FIELD = "csrf_token"


@dataclass(frozen=True, kw_only=True)
class WebFacts:
    """The differences between the web servers of Airflow releases."""

    health_path: str
    """Path of the health of the processes, which needs no login, such as `/health`."""
    api_path: str
    """Prefix of the REST API's paths, such as `/api/v1`."""
    login: Literal["session", "token"]
    """How REST calls authenticate: with the browser's session (Airflow 2) or with a bearer token (Airflow 3)."""


class AirflowClientFailure(RehearsalFailure):
    """The web server refused or failed a request; `status` is None when it did not answer."""

    def __init__(self, what: str, why: str, next_step: str, *, status: int | None = None) -> None:
        super().__init__(what, why, next_step)
        self.status = status


class AirflowClient:
    """One browser session. It repeats no request: while Airflow starts, the caller has to.

    `proxy` reaches a site by its name, where several are in one emulator.
    """

    def __init__(self, base_url: str, facts: WebFacts, proxy: str | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._facts = facts
        self._browser = requests.Session()
        # Its requests stay on this machine, where a proxy for the internet does not lead.
        self._browser.trust_env = False
        self._browser.cookies = PlainCookies()
        if proxy:
            self._browser.proxies = {"http": proxy, "https": proxy}
        self._headers: dict[str, str] = {}
        self.opens_pages = False
        """Whether somebody is logged in, as in a browser."""

    def use_address(self, base_url: str) -> None:
        """Use another address from now on: a tunnel leads to one web server, which may have been replaced."""
        self._base_url = base_url.rstrip("/")

    def add_cookies(self, cookies: Mapping[str, str]) -> None:
        """Send these cookies too, such as the session that a load balancer has set."""
        self._browser.cookies.update(dict(cookies))

    def health(self) -> dict[str, Any]:
        """Return the health of the processes, as Airflow reports it."""
        return self._json("GET", self._facts.health_path)

    def login(self, user: str, password: str) -> None:
        """Fill in the login form, once: Flask-AppBuilder allows five attempts in forty seconds.

        Where people log in elsewhere, the form asks for no password. Programs give theirs to the REST API.
        """
        path = LOGIN_FORMS[self._facts.login]
        read = _FormReader()
        read.feed(self.page(path))
        if not read.asks_password:
            self.identify(user, password)
            return
        form = {"username": user, "password": password, CSRF_FIELD: read.token}
        answer = self._ask("POST", path, data=form, headers={"Referer": self._base_url + path}, allow_redirects=False)
        reached = self._led_to(answer)
        if _is_login(reached):
            raise AirflowClientFailure(
                f"Airflow did not let {user!r} log in at {reached}.",
                "It showed the login form again: the name or the password is not the right one.",
                "Look whether the task that creates the admin user succeeded and which password it was given.",
                status=answer.status_code,
            )
        self.opens_pages = True
        if self._facts.login == "token":
            self._take_token(user, password)

    def _led_to(self, answer: requests.Response) -> str:
        """Return the page to which an answer leads; one at the name that `base_url` gives stays unopened."""
        for _ in range(REDIRECTS):
            page = urljoin(answer.url, answer.headers.get("Location", ""))
            if page == answer.url or urlsplit(page).netloc != urlsplit(self._base_url).netloc:
                return page
            answer = self._ask("GET", page, allow_redirects=False)
        return answer.url

    def identify(self, user: str, password: str) -> None:
        """Authenticate each call of the REST API, as programs do; open no page."""
        if self._facts.login == "token":
            self._take_token(user, password)
        else:
            self._headers = {"Authorization": _basic(user, password)}

    def dags(self) -> frozenset[str]:
        """Return the ids of all DAGs that the web server lists."""
        return frozenset(dag["dag_id"] for dag in self.listed_dags())

    def listed_dags(self) -> tuple[dict[str, Any], ...]:
        """Return all DAGs, as the REST API describes them."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._json(
                "GET",
                f"{self._facts.api_path}/dags",
                headers=self._headers,
                params={"limit": PAGE_ENTRIES, "offset": len(found)},
            )
            found += page["dags"]
            if not page["dags"] or len(found) >= page["total_entries"]:
                return tuple(found)

    def unpause(self, dag: str) -> None:
        """Unpause the DAG."""
        self._api("PATCH", _path("dags", dag), json={"is_paused": False})

    def pause(self, dag: str) -> None:
        """Pause the DAG: tasks that run go on, and no other starts."""
        self._api("PATCH", _path("dags", dag), json={"is_paused": True})

    def is_paused(self, dag: str) -> bool:
        """Whether the scheduler leaves the DAG alone; a failure of status 404 where there is none."""
        return _entry(self._api("GET", _path("dags", dag)), "is_paused") == "True"

    def trigger(self, dag: str, conf: Mapping[str, Any] | None = None) -> str:
        """Start a run and return its id. Its logical date is now: without one, Airflow 3 templates have no `ds`."""
        run = {"logical_date": datetime.now(tz=UTC).isoformat(), **({"conf": dict(conf)} if conf else {})}
        run = self._api("POST", _path("dags", dag, "dagRuns"), json=run)
        return _entry(run, "dag_run_id")

    def run_state(self, dag: str, run: str) -> str:
        """`queued`, `running`, `success` or `failed`."""
        return _entry(self.run(dag, run), "state")

    def run(self, dag: str, run: str) -> dict[str, Any]:
        """One run as the REST API describes it."""
        return self._api("GET", _path("dags", dag, "dagRuns", run))

    def task_log(self, dag: str, run: str, task: str, *, attempt: int = 1, map_index: int = -1) -> str:
        """Return the task's log as the web interface shows it; `map_index` is -1 unless it is one of a mapped task."""
        path = _path("dags", dag, "dagRuns", run, "taskInstances", task, "logs", str(attempt))
        answer = self._ask(
            "GET",
            self._facts.api_path + path,
            headers={**self._headers, "Accept": LOG_FORMATS[self._facts.login]},
            params={"full_content": "true", "map_index": map_index},
        )
        if self._facts.login == "session":
            return answer.text
        return log_text(_object("GET", answer).get("content", ()))

    def tries(self, dag: str, run: str) -> dict[str, int]:
        """Return the number of tries of each task of a run; leave out tasks without one."""
        return {task["task_id"]: task["try_number"] for task in self.tasks(dag, run) if task.get("start_date")}

    def tasks(self, dag: str, run: str) -> tuple[dict[str, Any], ...]:
        """Return the tasks of a run, as the REST API describes them."""
        return tuple(self._api("GET", _path("dags", dag, "dagRuns", run, "taskInstances"))["task_instances"])

    def task(self, dag: str, run: str, task: str) -> dict[str, Any]:
        """One task of a run, as the REST API describes it."""
        return self._api("GET", _path("dags", dag, "dagRuns", run, "taskInstances", task))

    def import_errors(self) -> tuple[str, ...]:
        """Airflow's error for every DAG file that it could not import."""
        return tuple(f"{error['filename']}: {error['stack_trace'].strip()}" for error in self.listed_import_errors())

    def listed_import_errors(self) -> tuple[dict[str, Any], ...]:
        """Return those errors as the REST API describes them."""
        return tuple(self._api("GET", "/importErrors")["import_errors"])

    def failed_task_logs(self, dag: str, run: str) -> tuple[str, ...]:
        """Return the ends of the logs of a run's failed tasks."""
        tried = self.tasks(dag, run)
        failed = {task["task_id"]: task.get("try_number") or 1 for task in tried if task["state"] == "failed"}
        return tuple(
            f"{task}: {self.task_log(dag, run, task, attempt=attempt)[-LOG_CHARACTERS:]}"
            for task, attempt in failed.items()
        )

    def page(self, path: str) -> str:
        """Return the text of a page; a redirect to the login form is a failure."""
        answer = self._ask("GET", path)
        if _is_login(answer.url) and not _is_login(path):
            raise AirflowClientFailure(
                f"{self._base_url}{path} asks for a login.",
                f"It led to {answer.url}.",
                "Log in first; if that was done, the session was lost on the way to this page.",
                status=answer.status_code,
            )
        return answer.text

    def _take_token(self, user: str, password: str) -> None:
        token = self._json("POST", TOKEN_PATH, json={"username": user, "password": password})
        self._headers = {"Authorization": f"Bearer {_entry(token, 'access_token')}"}

    def _api(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        return self._json(method, self._facts.api_path + path, headers=self._headers, **arguments)

    def _json(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        return _object(method, self._ask(method, path, **arguments))

    def _ask(self, method: str, path: str, **arguments: Any) -> requests.Response:
        url = path if "://" in path else self._base_url + path
        try:
            answer = self._browser.request(method, url, timeout=TIMEOUT, **arguments)
        except requests.RequestException as error:
            raise AirflowClientFailure(
                f"{method} {url} got no answer.",
                f"{type(error).__name__}: {error}",
                "Look whether the web server runs.",
            ) from error
        if not answer.ok:
            raise _failure(method, answer, "")
        return answer


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _object(method: str, answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise _failure(method, answer, "That is not a JSON object.")
    return body


def _entry(body: Mapping[str, Any], key: str) -> str:
    if key not in body:
        raise AirflowClientFailure(
            f"The web server's answer has no {key!r}.",
            f"It has: {', '.join(body) or 'nothing'}.",
            "Look whether this Airflow release is the one that was meant.",
        )
    return str(body[key])


def _failure(method: str, answer: requests.Response, remark: str) -> AirflowClientFailure:
    words = " ".join(answer.text.split())[:QUOTED_CHARACTERS] or "(nothing)"
    return AirflowClientFailure(
        f"{method} {answer.url} was answered with {answer.status_code} {answer.reason}.",
        f"{remark} It said: {words}".strip(),
        "The web server's log says more.",
        status=answer.status_code,
    )


def _path(*parts: str) -> str:
    return "".join("/" + quote(part, safe="") for part in parts)


def _is_login(url: str) -> bool:
    # Plugins of Airflow 3 are in an application of their own, with its own login form.
    return urlsplit(url).path.rstrip("/").endswith("/login")


class _FormReader(HTMLParser):
    """Finds what a login form asks for, and its hidden field with the CSRF token."""

    token = ""
    asks_password = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        if tag == "input" and fields.get("name") == CSRF_FIELD:
            self.token = fields.get("value") or ""
        self.asks_password |= tag == "input" and fields.get("name") == "password"
