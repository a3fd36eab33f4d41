"""Running the server."""

from __future__ import annotations

import logging
import signal

import uvicorn

from provenance.article import InputError
from provenance.web.app import create_app
from provenance.web.guard import is_local
from provenance.web.log import Lines, log

SHORTEST_TOKEN = 16


def serve(
    location: str,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    token: str = "",
    allow_private: bool = False,
) -> None:
    """Serve until interrupted; running requests are finished, jobs are stopped.

    Args:
        location: Path of the index; it is made if it is missing.
        host: Address to listen on; anything but this machine's own needs a token.
        port: Port to listen on.
        token: Access token, asked of every request.
        allow_private: Also fetch loopback, private and link-local addresses.

    Raises:
        KeyboardInterrupt: When it was interrupted, once everything has ended.
        InputError: When a public address is asked for without a token, or the token is short.
        IndexDamagedError: When the index cannot be used.
    """
    if not token and not is_local(host):
        raise InputError(
            f"{host}: others could reach this address; set an access token in $PROVENANCE_TOKEN"
        )
    if token and len(token) < SHORTEST_TOKEN:
        raise InputError(f"the access token is too short; use {SHORTEST_TOKEN} characters or more")
    logging.basicConfig(handlers=[Lines()], level=logging.WARNING)
    app = create_app(location, token=token, allow_private=allow_private)
    try:
        app.state.desk.checkers.warm()
    except BaseException:
        app.state.desk.close()
        raise
    log("listening", host=host, port=port)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=15,
        limit_concurrency=200,
    )
    # The server ends by SIGTERM in good order and then raises it again, to those before it.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # Not `uvicorn.run`, which hides that it was interrupted.
    uvicorn.Server(config).run()
