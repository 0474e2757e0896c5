"""Walking whole lists of a sandbox: nothing missing, nothing doubled, whatever happens."""

import asyncio
import itertools
from contextlib import aclosing
from dataclasses import replace

import pytest

from shop.errors import StripeKeyRefused, StripeUnavailable
from shop.rules.window import Window
from shop.settings import Settings
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway, client, open_gateway
from shop.stripe_gateway.budget import Budget
from shop.stripe_gateway.listings import (
    BALANCE_TRANSACTIONS,
    CUSTOMERS,
    PAYMENTS,
    Listing,
)
from shop.stripe_gateway.pager import patience
from shop.stripe_gateway.pager import walk as walk_module
from shop.stripe_gateway.pager.parts import KeptInMemory, finished_among
from tests.integration.conftest import Caller
from tests.integration.pager.conftest import Control, listed


class KeptForAnother(KeptInMemory):
    """Parts that outlive the walk that wrote them, as a result store's do."""

    async def names(self) -> list[str]:
        return list(self._chunks)

    async def get(self, chunk: str) -> bytes:
        return self._chunks[chunk]


async def ids(gateway: StripeGateway, listing: Listing, window: Window) -> list[str]:
    walk = gateway.bulk.walk(listing, window, KeptInMemory())
    found = [row.id async for page in walk.pages() for row in page]
    assert (walk.rows_read, walk.done) == (len(found), 1)
    return found


@pytest.mark.parametrize(
    "listing", [BALANCE_TRANSACTIONS, PAYMENTS, CUSTOMERS], ids=lambda x: x.name
)
async def test_several_cursors_find_what_one_finds(
    gateway: StripeGateway, stripe: Caller, window: Window, control: Control, listing: Listing
):
    """The same rows in the same order, while answers overtake each other."""
    expected = await listed(stripe, listing.path, window)
    await control("latency", base_ms=30, jitter=1)
    await control("requests/reset")
    assert await ids(gateway, listing, window) == expected
    _, traffic = await stripe.get("/_sandbox/requests")
    assert traffic["peak_in_flight"] > 1


async def test_pages_are_taken_in_together_when_requests_may_be_sent(
    gateway: StripeGateway, window: Window, control: Control, monkeypatch: pytest.MonkeyPatch
):
    """None is decoded while the budget is waited for; those that came are before requests go."""
    await control("latency", base_ms=20)
    walk = gateway.bulk.walk(BALANCE_TRANSACTIONS, window, KeptInMemory())
    waits = []

    async def slowly(_budget: Budget, _endpoint: str, at_most: int = 1) -> int:
        before = walk.calls
        await asyncio.sleep(0.1)
        waits.append((before, walk.calls))
        return min(at_most, 3)

    monkeypatch.setattr(Budget, "take", slowly)
    found = [row.id async for page in walk.pages() for row in page]
    assert len(found) == walk.rows_read > 1000
    assert [after for _, after in waits] == [before for before, _ in waits]
    steps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(waits)]
    assert max(steps) >= 3


async def test_progress_is_the_share_of_the_window_that_was_handed_on(
    gateway: StripeGateway, window: Window
):
    """From the newest row down to the oldest, never back."""
    walk = gateway.bulk.walk(BALANCE_TRANSACTIONS, window, KeptInMemory())
    assert walk.done == 0
    span = window.end + 1 - window.start
    async for page in walk.pages():
        before = walk.done
        assert before <= (window.end + 1 - page[-1].created) / span < 1
    assert walk.done == 1


async def test_a_window_from_the_beginning_is_narrowed_to_where_the_list_begins(
    gateway: StripeGateway, stripe: Caller, window: Window
):
    """So that its progress means something; nothing of the list is left out."""
    ever = Window(0, window.end)
    narrow = await gateway.bulk.narrowed(CUSTOMERS, ever)
    assert window.end - narrow.start < 400 * 24 * 3600
    assert await listed(stripe, CUSTOMERS.path, narrow) == await listed(
        stripe, CUSTOMERS.path, ever
    )


async def test_a_window_of_one_second_and_an_empty_one(gateway: StripeGateway, stripe: Caller):
    """Both ends belong to a window."""
    _, page = await stripe.get("/v1/balance_transactions?limit=1")
    second = page["data"][0]["created"]
    only = Window(second, second)
    assert await ids(gateway, BALANCE_TRANSACTIONS, only) == await listed(
        stripe, BALANCE_TRANSACTIONS.path, only
    )
    assert await ids(gateway, BALANCE_TRANSACTIONS, Window(0, 0)) == []


async def test_rows_that_arrive_meanwhile_are_not_in_the_window(
    gateway: StripeGateway, stripe: Caller, window: Window, control: Control
):
    """The window's end is over before the first call, so newer rows shift nothing."""
    expected = await listed(stripe, CUSTOMERS.path, window)
    await control("latency", base_ms=30)
    walk = gateway.bulk.walk(CUSTOMERS, window, KeptInMemory())
    found = []
    async for page in walk.pages():
        found += [row.id for row in page]
        await stripe.form("/v1/customers", name="Newcomer")
    assert found == expected


async def test_cursors_that_are_deleted_meanwhile(
    gateway: StripeGateway, stripe: Caller, window: Window, control: Control
):
    """Whoever was there and was not deleted is found, once."""
    expected = await listed(stripe, CUSTOMERS.path, window)
    await control("latency", base_ms=40)
    walk = gateway.bulk.walk(CUSTOMERS, window, KeptInMemory())
    async with aclosing(walk.pages()) as pages:
        reading = asyncio.create_task(anext(pages))
        await asyncio.sleep(0.06)
        gone = set(expected[99:100] + expected[150:153])
        for customer in gone:
            await stripe.delete(f"/v1/customers/{customer}")
        await reading
    found = await ids(gateway, CUSTOMERS, window)
    assert found == [customer for customer in expected if customer not in gone]


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        ("429", 0.3),
        ("lock_timeout", 0.3),
        ("409", 0.3),
        ("500", 0.3),
        ("502", 0.3),
        ("reset_before", 0.3),
        ("reset_after", 0.3),
        ("truncate", 0.3),
        ("timeout_before", 0.1),
        ("slow_body", 0.1),
    ],
)
async def test_faults_lose_nothing(
    gateway: StripeGateway,
    stripe: Caller,
    window: Window,
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    share: float,
):
    """Each fault that the sandbox can make, on a good part of all requests."""
    monkeypatch.setattr(client, "PAGE_WITHIN", 0.5)
    monkeypatch.setattr(patience, "pause_before", lambda _retry, _chance: 0.01)
    expected = await listed(stripe, BALANCE_TRANSACTIONS.path, window)
    await control("requests/reset")
    await control("faults", seed=7, rules=[{"kind": kind, "share": share}])
    assert await ids(gateway, BALANCE_TRANSACTIONS, window) == expected
    _, traffic = await stripe.get("/_sandbox/requests")
    assert traffic["faults"][kind] > 0


async def test_a_lower_limit_than_believed_is_learnt(
    settings: Settings, storage: Storage, stripe: Caller, window: Window, control: Control
):
    """429s slow the walk down instead of being hammered at; it ends complete."""
    expected = await listed(stripe, BALANCE_TRANSACTIONS.path, window)
    await control("requests/reset")
    await control("limits", per_endpoint=10)
    hopeful = replace(settings, stripe_rate_total=25, stripe_rate_per_endpoint=25)
    async with open_gateway(hopeful, storage) as gateway:
        assert await ids(gateway, BALANCE_TRANSACTIONS, window) == expected
    _, traffic = await stripe.get("/_sandbox/requests")
    assert 0 < 2 * traffic["statuses"]["429"] < traffic["statuses"]["200"]


async def until_all_is_answered(stripe: Caller) -> None:
    """Until requests that were under way have been counted."""
    async with asyncio.timeout(20):
        while True:
            _, traffic = await stripe.get("/_sandbox/requests")
            if sum(traffic["calls"].values()) == sum(traffic["statuses"].values()):
                return
            await asyncio.sleep(0.05)


async def test_a_walk_goes_on_from_its_finished_ranges(
    gateway: StripeGateway, stripe: Caller, window: Window, control: Control
):
    """What one process has finished, the next does not ask for again."""
    expected = await listed(stripe, BALANCE_TRANSACTIONS.path, window)
    await control("latency", base_ms=20)
    parts = KeptForAnother()
    first = gateway.bulk.walk(BALANCE_TRANSACTIONS, window, parts)
    pages = first.pages()
    for _ in range(10):
        await anext(pages)
    await pages.aclose()
    kept = finished_among(await parts.names())
    assert 1000 <= sum(part.rows for part in kept) < len(expected)
    await until_all_is_answered(stripe)
    await control("requests/reset")
    second = gateway.bulk.walk(BALANCE_TRANSACTIONS, window, parts)
    found = [row.id async for page in second.pages() for row in page]
    _, traffic = await stripe.get("/_sandbox/requests")
    assert found == expected
    assert second.rows_read == len(expected)
    assert traffic["statuses"] == {"200": second.calls - sum(part.calls for part in kept)}


class KeptSlowly(KeptInMemory):
    """Parts in a store that takes longer to put something than Stripe takes for a page."""

    async def put(self, chunk: str, body: bytes) -> None:
        await asyncio.sleep(0.05)
        await super().put(chunk, body)
        for part in finished_among([chunk]):
            assert self._chunks.keys() >= set(part.chunks)


async def test_a_range_is_finished_once_all_of_it_is_kept(
    gateway: StripeGateway, stripe: Caller, window: Window, monkeypatch: pytest.MonkeyPatch
):
    """However long it takes to keep a page; otherwise a crash could lose it."""
    monkeypatch.setattr(walk_module, "PAGES_OF_A_CHUNK", 1)
    walk = gateway.bulk.walk(BALANCE_TRANSACTIONS, window, KeptSlowly())
    found = [row.id async for page in walk.pages() for row in page]
    assert found == await listed(stripe, BALANCE_TRANSACTIONS.path, window)


async def test_stripe_away_for_too_long(
    gateway: StripeGateway, window: Window, control: Control, monkeypatch: pytest.MonkeyPatch
):
    """The walk gives up with a sentence."""
    monkeypatch.setattr(patience, "PATIENCE", 0.5)
    await control("faults", seed=1, rules=[{"kind": "502"}])
    with pytest.raises(StripeUnavailable, match=r"^Stripe could not be reached just now\."):
        await ids(gateway, BALANCE_TRANSACTIONS, window)


async def test_a_refused_key_ends_the_walk_at_once(
    settings: Settings, storage: Storage, window: Window
):
    """No retry makes a wrong key right."""
    wrong = replace(settings, secret_key="sk_of_nobody")
    async with open_gateway(wrong, storage) as gateway:
        with pytest.raises(StripeKeyRefused):
            await ids(gateway, BALANCE_TRANSACTIONS, window)


async def test_a_look_up_that_arrives_cut_short_is_made_again(
    gateway: StripeGateway, stripe: Caller, control: Control
):
    """Of a charge, and of a student's card."""
    _, charges = await stripe.get("/v1/charges?limit=1")
    _, students = await stripe.get("/v1/customers?limit=1")
    paths = ("/v1/charges/{id}", "/v1/customers/{id}/payment_methods")
    cut = [{"kind": "truncate", "path": path, "times": 2} for path in paths]
    await control("faults", rules=cut)
    assert (await gateway.bulk.charge(charges["data"][0]["id"])).id == charges["data"][0]["id"]
    await gateway.bulk.newest_card(students["data"][0]["id"])
    _, counted = await stripe.get("/_sandbox/requests")
    assert counted["faults"] == {"truncate": 4}
