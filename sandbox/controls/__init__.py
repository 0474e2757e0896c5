"""Controls of the sandbox itself, under ``/_sandbox/``: JSON in, JSON out, a 400 that says why."""

from sandbox.controls import challenges, network, state, webhooks

ROUTES = (*state.routes, *network.routes, *challenges.routes, *webhooks.routes)
