"""What a caller may say to PaymentIntents, call by call."""

from sandbox.currencies import CURRENCIES
from sandbox.errors import ParameterError
from sandbox.lists import list_form
from sandbox.params import (
    Raw,
    boolean,
    clearable,
    clearable_text,
    form,
    integer,
    list_of,
    metadata,
    one_of,
    text,
)
from sandbox.resources.addresses import shipping
from sandbox.resources.intents import CONFIRM_FIELDS, automatic_payment_methods


def currency(name: str, value: Raw) -> str:
    """One of the currencies of the sandbox, in any letter case."""
    plain = text(name, value).lower()
    if plain not in CURRENCIES:
        supported = ", ".join(CURRENCIES)
        raise ParameterError(
            f"Invalid currency: {plain}. Stripe currently supports these currencies: {supported}",
            name,
        )
    return CURRENCIES[plain].code


def off_session(name: str, value: Raw) -> bool:
    """A boolean, or ``one_off`` or ``recurring``, which both mean off session."""
    return value in ("one_off", "recurring") or boolean(name, value)


_ALSO_AT_CONFIRMATION = {
    "off_session": off_session,
    "receipt_email": clearable_text,
    "setup_future_usage": one_of("off_session", "on_session"),
    "capture_method": one_of("automatic", "automatic_async", "manual"),
}
_METHOD_TYPES = list_of(one_of("card"))
CREATE = form(
    "amount",
    "currency",
    **CONFIRM_FIELDS,
    **_ALSO_AT_CONFIRMATION,
    amount=integer,
    currency=currency,
    automatic_payment_methods=automatic_payment_methods,
    confirm=boolean,
    confirmation_method=one_of("automatic"),
    customer=text,
    description=text,
    metadata=metadata,
    allowed_payment_method_types=_METHOD_TYPES,
    payment_method_types=_METHOD_TYPES,
    shipping=shipping,
    statement_descriptor_suffix=text,
)
UPDATE = form(
    amount=integer,
    currency=currency,
    customer=text,
    description=clearable_text,
    metadata=metadata,
    payment_method=text,
    allowed_payment_method_types=_METHOD_TYPES,
    payment_method_types=_METHOD_TYPES,
    receipt_email=clearable_text,
    setup_future_usage=one_of("off_session", "on_session"),
    shipping=clearable(shipping),
    statement_descriptor_suffix=clearable_text,
)
CONFIRM = form(
    **CONFIRM_FIELDS, **_ALSO_AT_CONFIRMATION, client_secret=text, shipping=clearable(shipping)
)
CAPTURE = form(amount_to_capture=integer, metadata=metadata)
CANCEL = form(
    cancellation_reason=one_of("duplicate", "fraudulent", "requested_by_customer", "abandoned")
)
RETRIEVE = form(client_secret=text)
LIST = list_form(customer=text, customer_account=text)
