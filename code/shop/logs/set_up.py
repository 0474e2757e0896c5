"""Logging for a process: one JSON object a line for programs, or text for people."""

import logging
import sys

import msgspec
from structlog.contextvars import merge_contextvars
from structlog.dev import ConsoleRenderer, plain_traceback
from structlog.processors import TimeStamper, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from shop.logs.redaction import redacted

JSON, TEXT = "json", "text"

QUIET = ("stripe", "aiohttp.access")
"""Libraries that would log addresses of people."""

_to_json = msgspec.json.Encoder(enc_hook=str).encode


def set_up(log_format: str) -> None:
    """Log from INFO up to standard error.

    Args:
        log_format: "json" or "text"; "" for text where somebody watches, JSON elsewhere.
    """
    is_watched = sys.stderr.isatty()
    is_text = log_format == TEXT or (not log_format and is_watched)
    handler = logging.StreamHandler()
    handler.setFormatter(text_lines(colors=is_watched) if is_text else json_lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for library in QUIET:
        logging.getLogger(library).setLevel(logging.WARNING)


def json_lines() -> ProcessorFormatter:
    """`{"time", "level", "logger", "event", …}`; times are UTC, a traceback is in `exception`."""
    return _formatter(
        TimeStamper(fmt="iso", utc=True, key="time"), format_exc_info, _in_order, _as_json
    )


def text_lines(*, colors: bool) -> ProcessorFormatter:
    """`[level] event [logger] name=value …`, a traceback below. No time: honcho has printed one."""
    renderer = ConsoleRenderer(
        colors=colors,
        pad_event_to=0,
        pad_level=False,
        sort_keys=False,
        exception_formatter=plain_traceback,
    )
    return _formatter(renderer)


def _formatter(*processors: Processor) -> ProcessorFormatter:
    return ProcessorFormatter(
        foreign_pre_chain=[merge_contextvars, ExtraAdder()],
        processors=[_with_origin, ProcessorFormatter.remove_processors_meta, *processors, _safe],
    )


def _with_origin(_: WrappedLogger, level: str, line: EventDict) -> EventDict:
    line["level"], line["logger"] = level, line["_record"].name
    return line


def _in_order(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """What every line has comes first."""
    first = ("time", "level", "logger", "event")
    return {**{name: line.pop(name) for name in first}, **line}


def _as_json(_: WrappedLogger, __: str, line: EventDict) -> str:
    return _to_json(line).decode()


def _safe(_: WrappedLogger, __: str, line: EventDict) -> str:
    """Runs last, over the finished line."""
    return redacted(str(line))
