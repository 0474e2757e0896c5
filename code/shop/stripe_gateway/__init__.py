"""Stripe, as the shop needs it: methods named for what the shop does, our own frozen values.

This package is the only place that imports `stripe`.
"""

from shop.stripe_gateway.gateway import StripeGateway, open_gateway

__all__ = ["StripeGateway", "open_gateway"]
