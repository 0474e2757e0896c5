"""Controls of the sandbox itself, under ``/_sandbox/``: JSON in, JSON out, a 400 that says why."""

from sandbox.controls import account, challenges, network, state, webhooks

ROUTES = (*state.routes, *account.routes, *network.routes, *challenges.routes, *webhooks.routes)
