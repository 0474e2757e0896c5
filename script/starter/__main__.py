"""Start the whole shop and stay; stop all of it on Ctrl-C, SIGTERM or a closed terminal."""

import signal
import sys
from types import FrameType


def stop(_number: int, _frame: FrameType | None) -> None:
    """Leave by way of every `finally`. Once the processes run, honcho takes over."""
    raise SystemExit(0)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)

    from script.starter.run import main  # only now: a stop may come while this is imported

    sys.exit(main())
