"""What the audit trail learns from answers."""

import logging

import pytest
from aiohttp import web

from server.audit_answers import Answered, read_answer


def test_an_answer_that_is_a_list_says_nothing_of_the_action(caplog: pytest.LogCaptureFixture):
    """Students whose payments failed: their ids are in the list, and no fault of the answer's."""
    caplog.set_level(logging.ERROR)
    listed = [{"customer": {"id": "cus_1"}, "payment_intent": {"id": "pi_1"}}]
    assert read_answer(web.json_response(listed)) == Answered()
    assert caplog.records == []


def test_an_answer_of_another_shape_is_told(caplog: pytest.LogCaptureFixture):
    """What is done is done; the trail goes without its ids, and the log says so."""
    assert read_answer(web.json_response({"payment": "pi_1"})) == Answered()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
