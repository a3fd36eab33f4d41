"""The real server, told to stop while a job runs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

MANY = {"articles": [{"text": f"Story {n} of the long valley. " * 40} for n in range(3000)]}


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_a_server_ends_in_good_order_with_a_job_under_way(
    tmp_path: Path, sign: signal.Signals, code: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "provenance", "serve", "--index", str(tmp_path / "new.db")]
    server = subprocess.Popen([*command, "--port", str(port)], stderr=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(300):
                try:
                    client.get("/healthz")
                    break
                except httpx.ConnectError:
                    time.sleep(0.1)
            started = client.post("/api/v1/articles?background=true", json=MANY)
            assert started.status_code == 202
        os.kill(server.pid, sign)
        _, said = server.communicate(timeout=60)
    finally:
        server.kill()
        server.wait()
    assert server.returncode == code
    assert b"Traceback" not in said
