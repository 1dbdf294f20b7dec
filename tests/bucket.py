"""An S3 server on loopback, and a network before it that can be disturbed."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from orchestration.warehouse import bucket

BUCKET = "performance"
ADDRESS = f"s3://{BUCKET}/the-force"
NOT_PASSED_ON = ("connection", "content-length", "date", "server", "transfer-encoding")


class Network(ThreadingHTTPServer):
    """Passes requests on to the server and notes them; `fault` is called with each, and says what becomes of it."""

    daemon_threads = True

    def __init__(self, server: str):
        from obstore.store import from_url

        super().__init__(("127.0.0.1", 0), _Request)
        self.behind = server
        self.store = from_url(ADDRESS, endpoint=server, client_options={"allow_http": True})  # undisturbed, not noted
        self.requests: list[str] = []
        self.fault: Callable[[str], str | None] = lambda request: None
        self.ended = threading.Event()

    def handle_error(self, *_: object) -> None:
        """A client that has gone is what some tests are about."""

    def disturb(self, disturbed: str, fault: str) -> None:
        """Have every request that contains this be `silent`, `cut` (half of the answer comes) or `refused`."""
        self.fault = lambda request: fault if disturbed in request else None

    def authenticate(self, after: str) -> None:
        """Have the server accept so many requests of anybody, then only those with credentials that it knows."""
        requests.post(f"{self.behind}/moto-api/reset-auth", data=after).raise_for_status()


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Network

    def pass_on(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = f"{self.command} {self.path}"
        self.server.requests.append(request)
        fault = self.server.fault(request)
        if fault == "silent":
            self.close_connection = self.server.ended.wait()
            return
        if fault == "refused":
            self.send_error(503)
            return
        answer = requests.request(self.command, f"{self.server.behind}{self.path}", data=content, headers=self.headers)
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content[: len(answer.content) // 2] if fault == "cut" else answer.content)
        self.close_connection = fault == "cut"

    do_GET = do_PUT = do_POST = do_DELETE = pass_on  # noqa: N815

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the server."""
    pytest.importorskip("obstore", reason="obstore is not installed, the package that buckets need")
    moto = pytest.importorskip("moto.server", reason="moto is not installed, which brings the S3 server")
    started = moto.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    started.start()
    yield "http://{}:{}".format(*started.get_host_and_port())
    started.stop()


@pytest.fixture
def network(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    """An empty bucket, reached over a network; nothing is tried again."""
    requests.post(f"{server}/moto-api/reset").raise_for_status()
    requests.put(f"{server}/{BUCKET}").raise_for_status()
    for name, value in {"ACCESS_KEY_ID": "somebody", "SECRET_ACCESS_KEY": "secret", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with Network(server) as network:
        threading.Thread(target=network.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{network.server_port}")
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setattr(bucket, "RETRIED", timedelta(0))
        yield network
        network.ended.set()
        network.authenticate("Infinity")
        network.shutdown()
