"""What can go wrong, as one tree.

ShopError
├── SettingsError            a setting is missing or unusable; the program does not start
├── BadRequest               the request cannot be understood or breaks a rule of the shop
│   ├── UnknownCustomer      the student does not exist, or was deleted
│   └── NoCard               the student has no card on file
├── CustomerExists           the e-mail already belongs to another student
├── UncapturedPayments       a student with open holds cannot be deleted
├── SignInNeeded             only for staff, and nobody is signed in
├── NotAllowed               only for staff with another role
├── LinkNeeded               only for the student, who proves to be it by a link from a letter
├── ForeignRequest           sent by another site's page
├── TooManyRequests          tried more often than the shop allows within a time
├── UnknownReport            nobody knows the report, or not any more
├── UnknownJob               no such job has failed
├── AlreadyHeldAgain         another hold stands already in this one's place
├── AlreadyFinal             the report is over and can't be cancelled
├── Busy                     somebody else is doing the same thing right now
├── KeyInUse                 the first request with this Idempotency-Key is still at work
├── KeyReused                the Idempotency-Key was first used for another request
├── Unavailable              something the shop needs is not there; try again later
│   ├── NoWorker               no worker is alive to run a report
│   ├── ReportFailed           a report was run and failed
│   ├── ResultsUnavailable     the place where results are kept is away, full or closed to us
│   └── MailUnavailable        the mail server is away or can't take the letter now
├── LetterRefused            a letter can't be sent to this student, now or later
├── ResultMissing            a result that is not there, or not any more
└── StripeError              Stripe answered with an error, or did not answer
    ├── StripeRefused          a 4xx about the request: shown to the caller as Stripe said it
    │   └── StripeKeyReused      the idempotency key was first used with other parameters
    ├── StripeKeyRefused       our key is wrong or may not do this: our fault
    ├── StripeFailed           a 500 that Stripe keeps under this idempotency key
    └── StripeUnavailable      rate limited, broken or unreachable, after retries
"""

from collections.abc import Sequence

from shop.rules.wording import waiting


class ShopError(Exception):
    """Anything the shop itself can name. `message` is a sentence for people."""

    code: str | None = None

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class SettingsError(ShopError):
    """A setting is missing or unusable."""


class BadRequest(ShopError):
    """The request cannot be understood or breaks a rule of the shop."""


class UnknownCustomer(BadRequest):
    """No such student: unknown to Stripe, or deleted."""

    code = "resource_missing"

    def __init__(self, customer_id: str) -> None:
        super().__init__(f"No such customer: '{customer_id}'")


class NoCard(BadRequest):
    """The student has no card on file."""

    def __init__(self, customer_id: str) -> None:
        super().__init__(f"no payment methods found for {customer_id}")


class CustomerExists(ShopError):
    """The e-mail address belongs to another student."""

    code = "customer_exists"

    def __init__(self, message: str, *, customer_id: str, email: str) -> None:
        super().__init__(message)
        self.customer_id = customer_id
        self.email = email


class UncapturedPayments(ShopError):
    """A student with open holds cannot be deleted."""

    def __init__(self, payment_intents: Sequence[str]) -> None:
        super().__init__("This student has payments that were not captured yet.")
        self.payment_intents = tuple(payment_intents)


NOBODY_SIGNED_IN = "Nobody is signed in, or not any more. Reload the page to sign in."


class SignInNeeded(ShopError):
    """The route is for staff, and nobody is signed in."""

    code = "sign_in_needed"

    def __init__(self, message: str = NOBODY_SIGNED_IN) -> None:
        super().__init__(message)


class NotAllowed(ShopError):
    """The route is for staff with another role."""

    code = "not_allowed"

    def __init__(self) -> None:
        super().__init__("Your account may not do this.")


class LinkNeeded(ShopError):
    """The route is for a student, who proves to be it by a link that was sent by mail."""

    code = "link_needed"

    def __init__(self) -> None:
        super().__init__("Please open this page by the link in one of our letters.")


class ForeignRequest(ShopError):
    """Another site's page sent the request."""

    code = "foreign_request"


class TooManyRequests(ShopError):
    """Tried more often than is allowed.

    Attributes:
        retry_after: seconds until it may be tried again.
    """

    code = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"That was tried too often. Please come back in {waiting(retry_after)}.")
        self.retry_after = retry_after


class UnknownReport(ShopError):
    """No such report: never asked for, deleted, forgotten or another account's."""

    code = "no_such_report"

    def __init__(self) -> None:
        super().__init__("There is no report with this id.")


class UnknownJob(ShopError):
    """No such job has failed: it never did, runs again, or was removed."""

    code = "no_such_job"

    def __init__(self) -> None:
        super().__init__("No job with this id has failed, or it was seen to already.")


class AlreadyHeldAgain(ShopError):
    """Another payment stands in this one's place, so a third would be one too many."""

    code = "already_held_again"

    def __init__(self, payment_intent_id: str) -> None:
        super().__init__(f"{payment_intent_id} stands in this one's place already.")


class AlreadyFinal(ShopError):
    """The report is over; there is nothing to cancel."""

    code = "already_final"

    def __init__(self) -> None:
        super().__init__("This report is over already, so it cannot be cancelled.")


class Busy(ShopError):
    """Somebody else is changing the same student or payment right now."""

    code = "busy"


class KeyInUse(ShopError):
    """The first request with this Idempotency-Key is still at work; its answer can be had soon."""

    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__("The same request is still at work. Please ask again in a moment.")


class KeyReused(ShopError):
    """An Idempotency-Key names one request: its path and its body."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was first used for another request.")


class Unavailable(ShopError):
    """Something the shop needs is not there; the same request may work later."""

    code = "unavailable"


class NoWorker(Unavailable):
    """No worker is alive, so a queued report would wait for ever."""

    code = "no_worker"

    def __init__(self) -> None:
        super().__init__("No worker is running, so reports cannot be made right now.")


class ReportFailed(Unavailable):
    """A report was run and failed; the message is the report's own."""

    code = "report_failed"


class ResultsUnavailable(Unavailable):
    """The place where results are kept cannot be used: away, full, or it refuses us."""

    code = "results_unavailable"


class MailUnavailable(Unavailable):
    """The letter was not accepted for now: the mail server is away, busy, or refuses the shop."""

    code = "mail_unavailable"


class LetterRefused(ShopError):
    """The letter will never be accepted: the student's address is unusable or unknown."""

    code = "letter_refused"


class ResultMissing(ShopError):
    """What is looked for among the results is not there, or not any more."""

    code = "result_missing"

    def __init__(self, path: str) -> None:
        super().__init__(f"There is no result called {path}.")


class StripeError(ShopError):
    """Stripe answered with an error, or did not answer at all.

    Attributes:
        status: the HTTP status Stripe gave, or None when it gave no answer.
        decline_code: why the card's bank declined, where it did.
        payment_intent_id: the PaymentIntent the error speaks of, if one was made.
        request_id: Stripe's `req_…`, for support.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        status: int | None = None,
        decline_code: str | None = None,
        payment_intent_id: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.decline_code = decline_code
        self.payment_intent_id = payment_intent_id
        self.request_id = request_id


class StripeRefused(StripeError):
    """A 4xx about this request, with Stripe's own code and message."""


class StripeKeyReused(StripeRefused):
    """The idempotency key was first used with other parameters; Stripe did nothing now."""


class StripeKeyRefused(StripeError):
    """Stripe does not accept our key, or the key may not do this."""


class StripeFailed(StripeError):
    """Stripe failed, and will say so again for the same idempotency key; another key may work."""

    code = "stripe_failed"


class StripeUnavailable(StripeError):
    """Stripe was limiting rates, broken, unreachable or still at work; later it may succeed."""
