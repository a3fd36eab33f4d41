"""A PostgreSQL server of Debian's packages, on a free port, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

PLACES = Path("/usr/lib/postgresql")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
}


def programs() -> Path:
    """The folder of the server's programs, of the newest version there is."""
    found = sorted(PLACES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise RuntimeError("no PostgreSQL server found; run `apt-get install postgresql`")
    return Path(on_path).parent


class Server:
    """A running server that trusts whoever connects over loopback."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self._folder = folder
        self._data = folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._settings = {**SETTINGS, **settings, "port": str(self.port)}

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8",
                  "--locale=C", "--pgdata", str(self._data))  # fmt: skip

    def start(self) -> None:
        options = " ".join(f"-c {name}={value!r}" for name, value in self._settings.items())
        log = str(self._folder / "log")
        self._run("pg_ctl", "--pgdata", str(self._data), "--log", log, "-o", options, "--wait",
                  "start")  # fmt: skip

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "--pgdata", str(self._data), "--mode", mode, "--wait", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs() / program), *arguments],
            check=True,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            user=_owner().pw_name if os.getuid() == 0 else None,
        )


def _owner() -> pwd.struct_passwd:
    """Whom the server runs as instead of root: Debian's package has made this user."""
    return pwd.getpwnam("postgres")


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """A new server with its own data, stopped and wiped in the end."""
    folder = Path(mkdtemp(prefix="provenance-postgres-"))
    server = Server(folder, settings)
    try:
        if os.getuid() == 0:
            os.chown(folder, _owner().pw_uid, _owner().pw_gid)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
