"""A real server on the loopback interface, and what a test sets on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

Handler = Callable[["Server"], None]


class Server(BaseHTTPRequestHandler):
    """Answers by path; counts what it was asked."""

    asked: ClassVar[list[str]]
    robots: ClassVar[tuple[int, str]]
    routes: ClassVar[dict[str, Handler]]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/robots.txt" and self.path not in self.routes:
            self.answer(self.robots[1].encode(), self.robots[0])
        else:
            self.routes[self.path.partition("?")[0]](self)

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


class Site:
    """A running server and what a test sets on it."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        class OneServer(Server):
            asked: ClassVar[list[str]] = []
            robots: ClassVar[tuple[int, str]] = (404, "")
            routes: ClassVar[dict[str, Handler]] = {}

        self.handler = OneServer
        self.server = ThreadingHTTPServer((host, 0), self.handler)
        self.root = f"http://{host}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def asked(self) -> list[str]:
        return self.handler.asked

    def on(self, path: str, handler: Handler) -> str:
        self.handler.routes[path] = handler
        return self.root + path

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
