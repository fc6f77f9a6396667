"""`python -m local.standin --port 4566 --upstream http://127.0.0.1:4567`."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from local.standin.server import StandIn


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m local.standin", description="The local AWS endpoint.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=4566, help="0 takes a free one")
    parser.add_argument("--upstream", metavar="URL", help="the emulator of all other services")
    parser.add_argument("--models", metavar="DIR", type=Path, action="append", default=[])
    parser.add_argument("--account", default="111122223333")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.INFO,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
    )
    logging.getLogger("botocore").setLevel(logging.WARNING)
    try:
        standin = StandIn(
            host=options.host,
            port=options.port,
            upstream=options.upstream,
            account=options.account,
            search_paths=options.models,
        )
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"cannot serve on {options.host}:{options.port}: {problem}\n")
        return 1
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with standin:
        sys.stdout.write(f"stand-in: {standin.url}\n")
        sys.stdout.flush()
        over.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
