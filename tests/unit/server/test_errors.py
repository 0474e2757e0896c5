"""What answers to failures say beside their words."""

from server.errors import error_answer
from shop.errors import LinkNeeded, NotAllowed, SignInNeeded


def test_whoever_has_to_sign_in_is_told_the_scheme():
    """https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1: a 401 says what would be taken."""
    answers = [error_answer(error) for error in (SignInNeeded(), NotAllowed(), LinkNeeded())]
    assert [(each.status, each.headers.get("WWW-Authenticate")) for each in answers] == [
        (401, "Bearer"),
        (403, None),
        (403, None),
    ]
