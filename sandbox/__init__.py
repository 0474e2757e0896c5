"""The local Stripe: a program of its own that knows nothing of the shop."""
