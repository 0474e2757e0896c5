"""What a page may see: answers to the publishable key show less."""

from sandbox.account import Json

INTENT = {
    "id",
    "object",
    "automatic_payment_methods",
    "cancellation_reason",
    "client_secret",
    "created",
    "description",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_types",
    "status",
}
VISIBLE = {
    "setup_intent": INTENT | {"last_setup_error", "usage"},
    "payment_intent": INTENT
    | {
        "amount",
        "canceled_at",
        "capture_method",
        "confirmation_method",
        "currency",
        "last_payment_error",
        "receipt_email",
        "setup_future_usage",
    },
    "payment_method": {
        "id",
        "object",
        "allow_redisplay",
        "billing_details",
        "card",
        "created",
        "customer",
        "livemode",
        "type",
    },
}


def reduced(answer: Json) -> Json:
    """``answer`` with what a page may see, errors inside an intent included."""
    visible = VISIBLE[answer["object"]]
    view = {name: value for name, value in answer.items() if name in visible}
    for name in ("last_setup_error", "last_payment_error", "payment_method"):
        if isinstance(view.get(name), dict):
            view[name] = reduced_error(view[name]) if "error" in name else reduced(view[name])
    if isinstance(view.get("card"), dict):
        view["card"] = {
            name: value for name, value in view["card"].items() if name != "fingerprint"
        }
    return view


def reduced_error(error: Json) -> Json:
    """The members of an error, with the objects in it reduced."""
    return {
        name: reduced(value)
        if isinstance(value, dict) and value.get("object") in VISIBLE
        else value
        for name, value in error.items()
    }
