"""Runs each Airflow task in an ECS task, its worker, and tells the task's own log when that ends badly, and why.

`[core] executor` names the class below; it stands in a package because Airflow 2 takes a name with a single dot for a
plugin's. What ECS says of a worker would otherwise be in the scheduler's log alone.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from airflow.configuration import conf
from airflow.providers.amazon.aws.executors.ecs.ecs_executor import AwsEcsExecutor
from airflow.providers.amazon.aws.executors.ecs.utils import EcsTaskCollection
from airflow.utils.state import State
from botocore.exceptions import BotoCoreError, ClientError
from jinja2 import Environment, StrictUndefined, TemplateError
from windsock_runtime.executor_config import kept

from .release_store import BUCKET_VARIABLE
from .releases.shared import shared_folder

if TYPE_CHECKING:
    from collections.abc import Callable

FETCH_FIRST = f'python -m {__package__}.fetch_release && exec "$@"'
AIRFLOW_2 = "airflow"
PINNED = ("python", "-m", f"{__package__}.releases.run")
"""The program of a worker of Airflow 2, and what takes its place."""

ORDINARY_END = "Essential container in task exited"
LATE_SECONDS = 120
"""How long ECS may answer that a worker it has just started is missing: its API is eventually consistent."""
SIGNALLED = 128
"""Above it, an exit code says which signal ended the process."""

ADVICE = {
    "Overrides length": "The command takes its part of the 8,192 characters: let executor_config say less.",
    "No Fargate configuration exists": "Give executor_config a cpu and a memory that Fargate sells together.",
    "exec format error": "The image was built for another processor than X86_64.",
    "CannotPullContainerError": "Run `windsock deploy`: it pushes the image.",
}
"""What to do about it, by words of AWS that say what is the matter."""


class EcsExecutor(AwsEcsExecutor):
    """The executor of the Amazon provider; what it learns of a worker's end is written into the task's log too."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.active_workers = _Workers(self.tell)
        self._started: dict[str, float] = {}

    def _run_task(self, task_id: Any, *request: Any) -> Any:
        try:
            answer = super()._run_task(task_id, *request)
        except (BotoCoreError, ClientError) as error:
            self.tell(task_id, f"No worker could be started: {error}")
            raise
        for failure in answer["failures"]:
            self.tell(task_id, f"No worker could be started: {failure.get('reason')}")
        young = {arn: start for arn, start in self._started.items() if monotonic() - start < LATE_SECONDS}
        self._started = {**young, **{task.task_arn: monotonic() for task in answer["tasks"]}}
        self.ecs.meta.events.register("after-call.ecs.DescribeTasks", self._leave_out_young, unique_id="windsock-late")
        return answer

    def _run_task_kwargs(self, task_id: Any, cmd: Any, queue: Any, exec_config: Any) -> Any:
        config, dropped = kept(exec_config, self.container_name)
        if dropped:
            self.tell(task_id, f"executor_config may set sizes and variables only; left out: {', '.join(dropped)}")
        return super()._run_task_kwargs(task_id, _with_release(cmd), queue, config)

    def _leave_out_young(self, parsed: dict[str, Any], **_: Any) -> None:
        """Take new workers out of those that ECS calls missing: the provider would start another for each."""
        parsed["failures"] = [one for one in parsed.get("failures", ()) if not self._is_young(one)]

    def _is_young(self, failure: dict[str, Any]) -> bool:
        start = self._started.get(failure.get("arn", ""))
        return failure.get("reason") == "MISSING" and start is not None and monotonic() - start < LATE_SECONDS

    def tell(self, key: Any, what: str) -> None:
        """Write a sentence, and what to do about it if that is known, into the log of one attempt of a task."""
        if not hasattr(key, "dag_id"):  # Airflow 3 runs callbacks in workers too; they have no log to read
            return
        advice = next((f" {advice}" for words, advice in ADVICE.items() if words in what), "")
        try:
            _append(_path(key), f"ERROR - {what.rstrip('.')}.{advice}", self.ecs.meta.region_name)
        except (BotoCoreError, ClientError, TemplateError) as error:
            self.log.warning("The log of %s could not be told %r: %s", key, what, error)


def _with_release(command: Any) -> list[str]:
    """Return the command of a worker that fetches or links the current release first, where code comes by releases.

    A task of Airflow 2 then loads its DAG from one release alone, also when the link leads to another meanwhile.
    """
    if shared_folder() is None and not os.environ.get(BUCKET_VARIABLE):
        return list(command)
    program, *arguments = command
    pinned = PINNED if program == AIRFLOW_2 else (program,)
    return ["bash", "-c", FETCH_FIRST, "worker", *pinned, *arguments]


class _Workers(EcsTaskCollection):
    """The workers that the executor follows."""

    def __init__(self, tell: Callable[[Any, str], None]) -> None:
        super().__init__()
        self._tell = tell

    def update_task(self, task: Any) -> None:
        super().update_task(task)
        state = task.get_task_state()
        failed = state in {State.FAILED, State.REMOVED}
        # A worker whose task was killed for its memory may itself end well.
        if failed or (state == State.SUCCESS and (_was_ended(task) or any("reason" in one for one in task.containers))):
            self._tell(self.arn_to_key[task.task_arn], _obituary(task))

    def failure_count_by_key(self, task_key: Any) -> int:
        """Return how often a worker was started for an attempt, or the most if another would make no sense.

        What had begun refuses to begin again: whether there is a further attempt is for the task's `retries` to say.
        """
        task = self.task_by_key(task_key)
        if task.started_at and _was_ended(task):
            return int(conf.getint("aws_ecs_executor", "max_run_task_attempts"))
        return int(super().failure_count_by_key(task_key))


def _was_ended(task: Any) -> bool:
    """Whether a worker ended by another's doing."""
    return task.stopped_reason != ORDINARY_END or any(one.get("exit_code", 0) > SIGNALLED for one in task.containers)


def _obituary(task: Any) -> str:
    worker = task.task_arn.rpartition("/")[2]
    details = {
        one["name"]: [*([f"exit code {one['exit_code']}"] if "exit_code" in one else ()), one.get("reason")]
        for one in task.containers
    }
    ends = [f"{name}: {', '.join(filter(None, said))}" for name, said in details.items() if any(said)]
    return "; ".join((f"Worker {worker} ended: {task.stopped_reason or 'ECS gives no reason'}", *ends))


def _path(key: Any) -> str:
    template = conf.get("logging", "log_filename_template")
    environment = Environment(undefined=StrictUndefined)  # noqa: S701  it renders a path, not a page
    return environment.from_string(template).render(ti=key, try_number=key.try_number)


def _append(path: str, line: str, region: str) -> None:
    """Write a line where the web interface looks for the log of an attempt that is over."""
    now = datetime.now(tz=timezone.utc)
    remote = urlsplit(conf.get("logging", "remote_base_log_folder"))
    if remote.scheme == "s3":
        timed = f"[{now.isoformat(timespec='milliseconds')}] {line}\n"
        _append_to_object(remote.netloc, f"{remote.path.strip('/')}/{path}", path, timed, region)
    if remote.scheme == "cloudwatch":
        group = (remote.netloc + remote.path).split(":")[6]
        event = {"timestamp": int(now.timestamp() * 1000), "message": line}
        _append_to_stream(group, path.replace(":", "_"), event, region)


def _append_to_stream(group: str, stream: str, event: Any, region: str) -> None:
    logs = boto3.client("logs", region_name=region)
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])


def _append_to_object(bucket: str, key: str, path: str, line: str, region: str) -> None:
    s3 = boto3.client("s3", region_name=region)
    try:
        log = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except s3.exceptions.NoSuchKey:
        # A task sends its file when it ends in order; this one did not, and an object hides the file.
        file = Path(conf.get("logging", "base_log_folder"), path)
        log = file.read_bytes() if file.exists() else b""
    s3.put_object(Bucket=bucket, Key=key, Body=log + line.encode())
