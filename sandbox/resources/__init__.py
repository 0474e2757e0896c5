"""One module per resource: how its JSON looks, what can be expanded in it, its endpoints.

The parameters of PaymentIntents, the longest, are in a module of their own.
"""

from collections.abc import Mapping

from sandbox import records
from sandbox.account import Renderer
from sandbox.expansion import Schema
from sandbox.resources import (
    balance,
    balance_transactions,
    charges,
    customers,
    disputes,
    early_fraud_warnings,
    events,
    payment_intents,
    payment_methods,
    payouts,
    refunds,
    setup_attempts,
    setup_intents,
    webhook_endpoints,
)
from sandbox.store import Record

RENDERERS: Mapping[type[Record], Renderer] = {
    records.BalanceTransaction: balance_transactions.render,
    records.Charge: charges.render,
    records.Customer: customers.render,
    records.Dispute: disputes.render,
    records.EarlyFraudWarning: early_fraud_warnings.render,
    records.Event: events.render,
    records.PaymentIntent: payment_intents.render,
    records.PaymentMethod: payment_methods.render,
    records.Payout: payouts.render,
    records.Refund: refunds.render,
    records.SetupAttempt: setup_attempts.render,
    records.SetupIntent: setup_intents.render,
    records.WebhookEndpoint: webhook_endpoints.render,
}

EXPANDABLE: Schema = {
    "balance": balance.EXPANDABLE,
    "balance_transaction": balance_transactions.EXPANDABLE,
    "charge": charges.EXPANDABLE,
    "customer": customers.EXPANDABLE,
    "dispute": disputes.EXPANDABLE,
    "event": events.EXPANDABLE,
    "payment_intent": payment_intents.EXPANDABLE,
    "payment_method": payment_methods.EXPANDABLE,
    "payout": payouts.EXPANDABLE,
    "radar.early_fraud_warning": early_fraud_warnings.EXPANDABLE,
    "refund": refunds.EXPANDABLE,
    "setup_attempt": setup_attempts.EXPANDABLE,
    "setup_intent": setup_intents.EXPANDABLE,
    "webhook_endpoint": webhook_endpoints.EXPANDABLE,
}

ENDPOINTS = (
    *customers.ENDPOINTS,
    *payment_methods.ENDPOINTS,
    *setup_intents.ENDPOINTS,
    *payment_intents.ENDPOINTS,
    *charges.ENDPOINTS,
    *refunds.ENDPOINTS,
    *disputes.ENDPOINTS,
    *early_fraud_warnings.ENDPOINTS,
    *balance.ENDPOINTS,
    *balance_transactions.ENDPOINTS,
    *payouts.ENDPOINTS,
    *events.ENDPOINTS,
    *webhook_endpoints.ENDPOINTS,
)
