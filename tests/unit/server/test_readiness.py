"""What makes the shop unready, and what only makes it worse."""

from server.readiness import OF_STRIPE, Check, Status, of_prompt_workers, of_report_workers, overall
from server.stripe_key import Opinion


def test_the_whole_is_as_bad_as_its_worst_part():
    """Whatever the order."""
    fine, worse, gone = (Check(status, "") for status in Status)
    assert overall({"a": fine, "b": fine}) is Status.OK
    assert overall({"a": worse, "b": fine}) is Status.DEGRADED
    assert overall({"a": fine, "b": gone, "c": worse}) is Status.FAILED


def test_only_a_refused_key_fails_the_shop():
    """Where Stripe is silent it is silent to every machine, and pages say so."""
    assert {opinion: check.status for opinion, check in OF_STRIPE.items()} == {
        Opinion.ACCEPTED: Status.OK,
        Opinion.REFUSED: Status.FAILED,
        Opinion.SILENT: Status.DEGRADED,
        Opinion.UNKNOWN: Status.DEGRADED,
    }


def test_students_are_served_without_workers():
    """A missing worker is said, and turns nobody away."""
    assert of_report_workers({"a"}).status is Status.OK
    assert of_report_workers(set()).status is Status.DEGRADED
    assert of_prompt_workers({"a"}).status is Status.OK
    assert of_prompt_workers(set()).status is Status.DEGRADED
