"""Records and details as the JSON documents that are kept in Redis.

A document that this version cannot read, as it may be after a rollback, is nobody's business here:
it is named in the log, and otherwise as if unknown, but what belongs to it stays.
"""

import logging
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from shop.reports.record import Details, Report

log = logging.getLogger(__name__)

encoded = msgspec.json.Encoder().encode
_decode_report = msgspec.json.Decoder(Report).decode
_decode_details = msgspec.json.Decoder(Details).decode


def read_report(report_id: str, document: str | bytes) -> Report | None:
    """The record; None where this version does not know its state, say, or its time zone."""
    try:
        report = _decode_report(document)
        ZoneInfo(report.timezone)
    except (msgspec.DecodeError, ZoneInfoNotFoundError) as error:
        log.warning("the record of report %s cannot be read: %s", report_id, error)
        return None
    return report


def read_details(report_id: str, document: str | bytes) -> Details | None:
    """The details; None where they are not what this version knows."""
    try:
        return _decode_details(document)
    except msgspec.DecodeError as error:
        log.warning("the details of report %s cannot be read: %s", report_id, error)
        return None
