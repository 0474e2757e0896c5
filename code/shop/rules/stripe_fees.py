"""What Stripe takes of a domestic card payment in the United States.

For showing what a capture will probably bring; what was really taken is in its balance
transaction. Foreign cards and conversions cost more (https://stripe.com/pricing).
"""

BASIS_POINTS = 290
"""Hundredths of a per cent of what is captured."""

FIXED = 30
"""Cents of each capture."""
