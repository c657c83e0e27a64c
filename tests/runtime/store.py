"""A bucket on loopback for the code that reads releases inside containers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.archive import pack

BUCKET = "code"


def release(word: str) -> Code:
    """Return code that says `word` in a DAG and in what it imports."""
    return Code(
        (
            CodeFile("config/settings.py", f"WORD = '{word}'\n".encode()),
            CodeFile("dags/helper.py", f"WORD = '{word}'\n".encode()),
            CodeFile("dags/run.sh", b"true\n", executable=True),
            CodeFile("include/query.py", f"WORD = '{word}'\n".encode()),
            CodeFile("webserver_config.py", b""),
        )
    )


@contextmanager
def bucket(objects: dict[str, bytes]) -> Iterator[dict[str, str]]:
    """Serve `objects` by their keys, store what is put, and yield the variables that lead there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = objects.get(self.path.split("?")[0].removeprefix(f"/{BUCKET}/"))
            self.send_response(404 if body is None else 200)
            text = b"<Error><Code>NoSuchKey</Code></Error>" if body is None else body
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            objects[self.path.split("?")[0].removeprefix(f"/{BUCKET}/")] = body
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-west-2",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_DEFAULT_REGION": "us-west-2",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "WINDSOCK_CODE_BUCKET": BUCKET,
        }
    finally:
        server.shutdown()
        server.server_close()


def stored(*codes: Code) -> dict[str, bytes]:
    """Return the objects of releases; the last is current."""
    objects = {f"releases/{code.release}/code.tar.gz": pack(code) for code in codes}
    return {**objects, "current.json": current(codes[-1])}


def current(code: Code) -> bytes:
    """Return the pointer to a release, whose commit stands before it."""
    return f'{{"version": "{"c" * 40}-{code.release}"}}'.encode()
