"""The small page at the sandbox's root."""

from aiohttp import web

from sandbox.network.faults import Kind
from sandbox.service import SERVICE
from sandbox.version import API_VERSION

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The local Stripe sandbox</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem;
    margin: 2rem auto; padding: 0 1rem; }}
  code {{ background: #f2f2f5; border-radius: 4px; padding: 0.1em 0.3em; }}
  td, th {{ padding: 0.2rem 1rem 0.2rem 0; text-align: left; vertical-align: top; }}
</style>
<h1>The local Stripe sandbox</h1>
<p>API version <code>{version}</code>. Keys start with <code>sk_test_sandbox</code> and
<code>pk_test_sandbox</code>. It holds {customers} customers, {payments} payments,
{transactions} balance transactions and {payouts} payouts.</p>
<table>
<tr><th>Control</th><th>What it does</th></tr>
<tr><td><code>POST /_sandbox/reset</code></td><td>forgets everything</td></tr>
<tr><td><code>POST /_sandbox/clock</code></td><td>lets time pass, with all that falls due in it:
<code>{{"advance_seconds"}}</code></td></tr>
<tr><td><code>GET /_sandbox/clock</code></td><td>what time it is</td></tr>
<tr><td><code>POST /_sandbox/history</code></td><td>adds a generated history that ends now:
<code>{{"students", "payments", "days", "seed", "shape"}}</code>; shapes are
<code>even</code>, <code>growing</code>, <code>one-hour</code> and <code>one-second</code></td></tr>
<tr><td><code>GET /_sandbox/truth?from=&amp;to=</code></td><td>what the lesson figures of a window
(unix seconds) must be</td></tr>
<tr><td><code>POST /_sandbox/account</code></td><td>what kind of account it is:
<code>{{"settlement_currencies", "dispute_fee_returned", "payout_schedule"}}</code></td></tr>
<tr><td><code>GET /_sandbox/account</code></td><td>those settings</td></tr>
<tr><td><code>POST /_sandbox/latency</code></td><td>how long answers take:
<code>{{"profile": "none"}}</code>, <code>{{"profile": "realistic"}}</code> or
<code>{{"base_ms", "jitter", "per_object_ms"}}</code></td></tr>
<tr><td><code>POST /_sandbox/limits</code></td><td>requests a second on one endpoint and in all,
requests at once, and changes of one payment in an hour: <code>{{"per_endpoint", "total",
"concurrency", "endpoint_concurrency", "per_resource_hour", "mode"}}</code></td></tr>
<tr><td><code>POST /_sandbox/faults</code></td><td>what goes wrong from now on:
<code>{{"seed", "rules": [{{"kind", "share", "method", "path", "times"}}]}}</code>;
kinds are {kinds}</td></tr>
<tr><td><code>GET /_sandbox/requests</code></td><td>the requests that came so far</td></tr>
<tr><td><code>POST /_sandbox/requests/reset</code></td><td>counts them from zero</td></tr>
<tr><td><code>POST /_sandbox/webhooks</code></td><td>how events are delivered from now on:
<code>{{"duplicates", "delay_seconds", "shuffle", "seed", "outage", "retry_after"}}</code></td></tr>
<tr><td><code>GET /_sandbox/webhooks</code></td><td>how the latest deliveries went</td></tr>
<tr><td><code>POST /_sandbox/webhooks/resend</code></td><td>sends an event once more:
<code>{{"event"}}</code></td></tr>
<tr><td><code>POST /_sandbox/webhooks/roll</code></td><td>gives an endpoint a new secret:
<code>{{"endpoint", "overlap_seconds"}}</code></td></tr>
</table>
"""


async def show(request: web.Request) -> web.Response:
    """Name the controls."""
    account = request.app[SERVICE].account
    text = PAGE.format(
        version=API_VERSION,
        kinds=", ".join(f"<code>{kind.value}</code>" for kind in Kind),
        customers=len(account.customers),
        payments=len(account.payment_intents),
        transactions=len(account.balance_transactions),
        payouts=len(account.payouts),
    )
    return web.Response(text=text, content_type="text/html")
