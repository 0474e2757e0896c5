"""What makes two requests the same one, and what of an answer says that nothing was decided."""

import json

from hypothesis import given
from hypothesis import strategies as st

from shop.answer_store import Answer, fingerprint

PARTS = st.tuples(st.text(), st.text(), st.text(), st.binary())


@given(PARTS, PARTS)
def test_requests_are_the_same_when_all_their_parts_are(one, other):
    """Method, path, content type and body, wherever one ends and the next begins."""
    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


def test_parts_do_not_run_into_each_other():
    """What is moved from the path into the body is another request."""
    assert fingerprint("POST", "/ab", "", b"c") != fingerprint("POST", "/a", "", b"bc")


def test_a_header_may_have_any_bytes():
    """Those that are no UTF-8 come as surrogates, and are told apart as all others are."""
    one, other = (fingerprint("POST", "/a", f"text/plain; x={c}", b"") for c in "\udcff\udcfe")
    assert one != other


def test_an_error_names_its_code():
    """An answer without an error has none, whatever it says otherwise."""
    busy = json.dumps({"error": {"code": "busy", "message": "Wait."}})
    open_holds = json.dumps({"uncaptured_payments": ["pi_1"]})
    answers = [
        Answer(409, "application/json", busy),
        Answer(409, "application/json", open_holds),
        Answer(200, "application/json", busy),
    ]
    assert [answer.error_code for answer in answers] == ["busy", None, None]
