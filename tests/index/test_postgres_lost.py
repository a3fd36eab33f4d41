"""Connections to a shared index that die: who adds is told the truth about what became of it."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest

from provenance.article import InputError, ProvenanceError
from provenance.index import Counts, Index
from provenance.index import postgres_session as sessions
from provenance.index.postgres_session import Session
from tests.index.conftest import SCHEMAS, Place
from tests.index.made_articles import article, text
from tests.index.server import Server

ENDED = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
RESET = struct.pack("ii", 1, 0)


@pytest.fixture
def place(server: Server) -> Place:
    return Place(f"{server.url}?schema=lost{next(SCHEMAS)}")


@pytest.fixture
def mortal(server: Server) -> Iterator[Server]:
    """The server, which a test may stop and whose connections it may end."""
    yield server
    try:
        psycopg.connect(server.url).close()
    except psycopg.OperationalError:
        server.start()


def end_connections(server: Server) -> None:
    with psycopg.connect(server.url) as connection:
        connection.execute(ENDED)


def test_a_connection_that_dies_in_a_batch_leaves_nothing_of_it(
    mortal: Server, place: Place
) -> None:
    with Index.open(place.location) as index:
        index.add([article(0)])
        add_postings = index._store.add_postings

        def dying(postings: Any) -> None:
            end_connections(mortal)
            add_postings(postings)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(index._store, "add_postings", dying)
            with pytest.raises(ProvenanceError, match="step was undone"):
                index.add(article(n) for n in range(1, 9))
        assert len(index) == 1  # the same object goes on with another connection
        assert index.verify() == []
        assert index.add(article(n) for n in range(1, 9)) == Counts(added=8)
        assert index.verify() == []


def test_connections_that_die_at_any_moment(mortal: Server, place: Place) -> None:
    with Index.open(place.location) as index:
        index.add([article(0)])
        done = threading.Event()

        def ending() -> None:
            while not done.wait(0.05):
                end_connections(mortal)

        ender = threading.Thread(target=ending)
        ender.start()
        said: list[str] = []
        for n in range(1, 31):
            try:
                index.add([article(n, body=text(n, 60))])
            except ProvenanceError as error:
                said.append(str(error))
        done.set()
        ender.join()
        assert all("undone" in each or "on committing" in each for each in said)
        kept = {each.id for each in index.articles()}
        assert len(kept) >= 31 - len(said)
        assert index.verify() == []
        index.add(article(n, body=text(n, 60)) for n in range(1, 31))
        assert len(index) == 31


def test_a_connection_that_dies_on_committing_is_said(mortal: Server, place: Place) -> None:
    with Index.open(place.location) as index:
        with pytest.MonkeyPatch.context() as patch:
            commit = Session._commit

            def dying(session: Session) -> None:
                end_connections(mortal)
                commit(session)

            patch.setattr(Session, "_commit", dying)
            lost = pytest.raises(ProvenanceError, match="lost on committing; run it again")
            with lost, index._store.write():
                pass
        assert index.add([article(1)]) == Counts(added=1)


def test_a_restarted_server_is_found_again(mortal: Server, place: Place) -> None:
    with Index.open(place.location) as index:
        index.add(article(n) for n in range(5))
        mortal.stop("fast")
        starter = threading.Timer(0.3, mortal.start)
        starter.start()
        assert [match.article.id for match in index.find(article(3))] == ["article-3"]
        starter.join()
        mortal.stop()
        mortal.start()
        assert index.add([article(5)]) == Counts(added=1)


def test_a_server_that_stays_away_is_said(
    mortal: Server, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "AGAIN_SECONDS", 0.2)
    with Index.open(place.location) as index:
        mortal.stop("fast")
        with pytest.raises(
            ProvenanceError, match=r"lost, the last step was undone.*refused"
        ) as caught:
            len(index)
        with pytest.raises(InputError, match="cannot be reached; check address"):
            Index.open(place.location)
        mortal.start()
        assert "\n" not in str(caught.value)
        assert len(index) == 0


class Relay:
    """Connections to a server, of which one can be cut at a given message of the client."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.cut_at: int | None = None
        """Messages that pass before one is not answered any more; None: all pass."""
        self.arrives = self.resets = False
        """Whether the server gets that message, and whether the client's end is reset."""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            cut = threading.Event()
            threading.Thread(target=self._answer, args=(server, client, cut), daemon=True).start()
            with suppress(OSError):
                while data := client.recv(1 << 16):
                    if self.cut_at == 0:
                        self.cut_at = None
                        self._cut(server, client, cut, data)
                        return
                    self.cut_at = self.cut_at and self.cut_at - 1
                    server.sendall(data)
                server.shutdown(socket.SHUT_RDWR)

    def _cut(
        self, server: socket.socket, client: socket.socket, cut: threading.Event, data: bytes
    ) -> None:
        cut.set()
        if self.arrives:
            server.sendall(data)
        server.shutdown(socket.SHUT_RDWR)  # closing alone would wait for the other thread
        if self.resets:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        else:
            client.shutdown(socket.SHUT_RDWR)

    def _answer(self, server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(1 << 16):
                if not cut.is_set():
                    client.sendall(data)

    def close(self) -> None:
        self._listening.close()


def comes(index: Index, id: str, seconds: float) -> bool:
    """Whether an article is stored, at the latest after so long."""
    until = time.monotonic() + seconds
    while index.get(id) is None:
        if time.monotonic() >= until:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize("arrives", [False, True])
def test_a_connection_cut_at_any_message_tells_the_truth(
    server: Server, place: Place, arrives: bool
) -> None:
    relay = Relay(server)
    relay.arrives = arrives
    relayed = place.location.replace(f":{server.port}/", f":{relay.port}/")
    with Index.open(relayed) as index, Index.open(place.location) as direct:
        for n in range(100):
            relay.cut_at, relay.resets = n, n % 2 == 1
            said = ""
            try:
                index.add([article(n, body=text(n, 60))])
            except ProvenanceError as error:
                said = str(error)
            all_passed, relay.cut_at = relay.cut_at is not None, None
            if "on committing" in said:
                assert comes(direct, article(n).id, 10 if arrives else 0) == arrives
            else:
                assert said == "" or "step was undone" in said
                assert comes(direct, article(n).id, 0) == (said == "")
            if all_passed:
                break
        assert all_passed
        assert direct.verify() == []
    relay.close()
