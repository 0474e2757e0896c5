"""Webhook endpoints: where events are delivered."""

from sandbox.account import Account, Json
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import ParameterError, no_such
from sandbox.expansion import Rule
from sandbox.lists import Page, list_form, page
from sandbox.params import (
    Raw,
    boolean,
    clearable_text,
    form,
    list_of,
    merged,
    metadata,
    one_of,
    text,
)
from sandbox.records import WebhookEndpoint
from sandbox.version import API_VERSION
from sandbox.webhooks.signing import new_secret

EXPANDABLE: dict[str, Rule] = {}


def url(name: str, value: Raw) -> str:
    """An http or https address."""
    address = text(name, value)
    if not address.startswith(("http://", "https://")):
        raise ParameterError(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            name,
            "url_invalid",
        )
    return address


CREATE = form(
    "url",
    "enabled_events",
    url=url,
    api_version=one_of(API_VERSION),
    enabled_events=list_of(text),
    description=clearable_text,
    metadata=metadata,
)
UPDATE = form(
    url=url,
    enabled_events=list_of(text),
    description=clearable_text,
    disabled=boolean,
    metadata=metadata,
)
RETRIEVE = form()
LIST = list_form(created=False)


def render(_: Account, endpoint: WebhookEndpoint) -> Json:
    """Stripe's webhook endpoint; the secret is shown once, by ``create``."""
    if endpoint.deleted:
        return {"id": endpoint.id, "object": "webhook_endpoint", "deleted": True}
    return {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": endpoint.api_version,
        "application": None,
        "created": endpoint.created,
        "description": endpoint.description,
        "enabled_events": endpoint.enabled_events,
        "livemode": False,
        "metadata": endpoint.metadata,
        "status": "enabled" if endpoint.enabled else "disabled",
        "url": endpoint.url,
    }


def register(account: Account, url: str, secret: str | None = None) -> WebhookEndpoint:
    """Deliver every event to ``url``, signed with ``secret`` or a fresh one."""
    stamp = account.stamp("we")
    endpoint = WebhookEndpoint(
        **stamp,
        url=url,
        secret=secret or new_secret(stamp["id"]),
        enabled_events=("*",),
        metadata={},
    )
    account.webhook_endpoints.add(endpoint)
    return endpoint


def create(call: Call) -> Json:
    """A new endpoint, with the secret its deliveries are signed with."""
    account, params = call.account, call.params
    endpoint = register(account, params["url"])
    endpoint.enabled_events = tuple(params["enabled_events"])
    endpoint.api_version = params.get("api_version")
    endpoint.description = params.get("description")
    endpoint.metadata = merged({}, params.get("metadata"))
    return {**account.render(endpoint), "secret": endpoint.secret}


def retrieve(call: Call) -> WebhookEndpoint:
    """One endpoint."""
    endpoints, id = call.account.webhook_endpoints, call.path["id"]
    endpoint = endpoints.get(id)
    if endpoint is None or endpoint.deleted:
        raise no_such(endpoints.label, id, "id")
    return endpoint


def update(call: Call) -> WebhookEndpoint:
    """Change what is given."""
    params = call.params
    endpoint = retrieve(call)
    if "metadata" in params:
        endpoint.metadata = merged(endpoint.metadata, params["metadata"])
    endpoint.url = params.get("url", endpoint.url)
    endpoint.description = params.get("description", endpoint.description)
    endpoint.enabled_events = tuple(params.get("enabled_events", endpoint.enabled_events))
    endpoint.enabled = not params.get("disabled", not endpoint.enabled)
    return endpoint


def delete(call: Call) -> WebhookEndpoint:
    """Deliver nothing more there."""
    endpoint = retrieve(call)
    endpoint.deleted = True
    return endpoint


def list_all(call: Call) -> Page:
    """Endpoints, newest first."""
    return page(call.account.webhook_endpoints, call.params, "/v1/webhook_endpoints")


_ONE = "/v1/webhook_endpoints/{id}"
ENDPOINTS = (
    Endpoint("POST", "/v1/webhook_endpoints", create, CREATE, "webhook_endpoint"),
    Endpoint("GET", "/v1/webhook_endpoints", list_all, LIST, "webhook_endpoint", many=True),
    Endpoint("GET", _ONE, retrieve, RETRIEVE, "webhook_endpoint"),
    Endpoint("POST", _ONE, update, UPDATE, "webhook_endpoint"),
    Endpoint("DELETE", _ONE, delete, RETRIEVE, "webhook_endpoint"),
)
