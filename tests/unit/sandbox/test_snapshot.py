"""A snapshot gives back the account it was made of, or says in a sentence why it can't."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import declines
from sandbox.account import Account, AccountSettings
from sandbox.actions.ledger import book_stripe_fee
from sandbox.actions.warning import warn
from sandbox.balance import Balance
from sandbox.cards import CARDS
from sandbox.clock import Clock
from sandbox.declines import Decline
from sandbox.history import History, generate
from sandbox.resources.webhook_endpoints import register
from sandbox.service import new_account
from sandbox.snapshot import SnapshotError, columns, load, save

NOON = 1_795_348_800
SETTINGS = AccountSettings(("usd", "gbp"), dispute_fee_returned=True)
DAY = 86_400


def lived() -> Account:
    """An account with a history, events since, a deleted customer and idempotency keys."""
    clock = Clock(offset=DAY)
    account = new_account(clock, lambda *_: None)
    account.settings = SETTINGS
    with clock.at(NOON):
        generate(account, History(students=150, payments=600))
        register(account, "http://localhost:1/webhook", "whsec_a")
    with clock.at(NOON + 6 * DAY):
        account.timers.run_due(account)
        warn(account, account.charges.rows()[0])
        book_stripe_fee(account, 900, "Billing - Usage Fee")
        account.emit("customer.updated", account.customers.rows()[4], {"name": "Ada"})
        gone = account.customers.rows()[3]
        gone.deleted = True
        account.customers.withdraw(gone)
        for key, answer in (("done", b"{}"), ("unfinished", None)):
            account.idempotency.begin(key, "/v1/customers", {"name": {"a": "b"}}, "req_1", NOON)
            if answer is not None:
                account.idempotency.finish(key, 200, answer)
    return account


@pytest.fixture(scope="module")
def before() -> Account:
    """The account that was saved."""
    return lived()


@pytest.fixture(scope="module")
def file(before: Account, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its snapshot."""
    path = tmp_path_factory.mktemp("snapshot") / "folder" / "account"
    save(before, path)
    return path


@pytest.fixture(scope="module")
def after(file: Path) -> Account:
    """What became of it."""
    return loaded(file)


def loaded(path: Path) -> Account:
    """An account made of a snapshot."""
    account = new_account(Clock(), None)
    load(account, path)
    return account


def test_every_record_of_every_table_comes_back(before: Account, after: Account) -> None:
    rows = {kind: table.rows() for kind, table in before.tables().items()}
    assert {kind: table.rows() for kind, table in after.tables().items()} == rows
    assert sum(map(len, rows.values())) > 2_000
    assert min(map(len, rows.values())) > 0


def test_every_record_is_rendered_as_before(before: Account, after: Account) -> None:
    with before.clock.at(NOON + 6 * DAY), after.clock.at(NOON + 6 * DAY):
        for kind, table in before.tables().items():
            for row in table.rows():
                again = after.table(kind).get(row.id)
                assert again is not None
                assert json(after, again) == json(before, row)


def test_what_was_converted_comes_back(tmp_path: Path) -> None:
    clock = Clock()
    before = new_account(clock, None)
    before.settings = AccountSettings(("eur",))
    with clock.at(NOON):
        generate(before, History(students=20, payments=60))
    save(before, tmp_path / "account")
    after = loaded(tmp_path / "account")
    rows = after.balance_transactions.rows()
    charged = {(row.currency, row.exchange_rate) for row in rows if row.type == "charge"}
    assert (rows, charged) == (before.balance_transactions.rows(), {("eur", 0.925926)})
    assert after.truth.totals(0, NOON, "eur") == before.truth.totals(0, NOON, "eur")
    assert (after.truth.currencies(), before.truth.currencies()) == (["eur"], ["eur"])


def json(account: Account, record: Any) -> bytes:
    """What the API would say of a record."""
    return msgspec.json.encode(account.render(record))


def test_indices_come_back_without_what_was_deleted(before: Account, after: Account) -> None:
    for customer in before.customers.rows():
        for kind in ("payment_intent", "charge", "payment_method"):
            found = before.table(kind).where("customer", customer.id)
            assert after.table(kind).where("customer", customer.id) == found
        emails = before.customers.where("email", customer.email)
        assert after.customers.where("email", customer.email) == emails


def test_time_truth_and_timers_come_back(before: Account, after: Account) -> None:
    assert (after.clock.offset, after.settings) == (DAY, SETTINGS)
    assert sorted(after.timers.pending()) == sorted(before.timers.pending()) != []
    assert after.truth.totals(0, NOON) == before.truth.totals(0, NOON)
    assert after.truth.failures(0, NOON) == before.truth.failures(0, NOON) != []


def test_the_balance_comes_back(before: Account, after: Account) -> None:
    for now in (NOON, NOON + 6 * DAY, NOON + 60 * DAY):
        for each in (Balance.available, Balance.pending):
            assert each(after.balance, "usd", now) == each(before.balance, "usd", now)
    assert before.balance.available("usd", NOON + 6 * DAY) < 0


def test_new_ids_go_on_where_the_old_ones_ended(before: Account, file: Path) -> None:
    fresh = lived()
    ids = [fresh.stamp(prefix)["id"] for prefix in ("cus", "pi", "evt")]
    after = loaded(file)
    assert [after.stamp(prefix)["id"] for prefix in ("cus", "pi", "evt")] == ids
    assert after.ids.stored == before.ids.stored + 3


def test_answers_kept_for_idempotency_keys_come_back_and_claims_without_one_do_not(
    file: Path,
) -> None:
    keys = loaded(file).idempotency
    again = keys.begin("done", "/v1/customers", {"name": {"a": "b"}}, "req_2", NOON)
    first = keys.begin("unfinished", "/v1/customers", {}, "req_3", NOON)
    assert again is not None
    assert (again.status, again.body, again.request_id, first) == (200, b"{}", "req_1", None)


def test_what_was_shared_in_memory_is_shared_again(before: Account, after: Account) -> None:
    """Otherwise a million payments would need twice the memory after a restart."""

    def distinct(account: Account) -> list[int]:
        charges = account.charges.rows()
        return [
            len({id(charge.metadata) for charge in charges}),
            len({id(charge.billing) for charge in charges}),
            len({id(charge.details) for charge in charges}),
            len({id(charge.customer) for charge in charges}),
        ]

    assert distinct(after) == distinct(before)


def test_cards_and_declines_are_the_programs_own_again(after: Account) -> None:
    """Code tells declines apart by identity."""
    cards = {id(method.details.card) for method in after.payment_methods.rows()}
    refused = {id(row.decline) for row in after.charges.rows() if row.decline is not None}
    assert cards <= {id(card) for card in CARDS}
    assert refused == {id(declines.GENERIC)}


def test_every_decline_has_a_name_to_be_saved_under() -> None:
    of_cards = {id(each) for card in CARDS for each in (card.at_setup, card.at_charge) if each}
    declared = {id(value) for value in vars(declines).values() if isinstance(value, Decline)}
    assert of_cards <= declared <= columns.NAMES.keys()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused_with_a_sentence(
    file: Path, tmp_path: Path, data: st.DataObject
) -> None:
    whole = file.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytes([whole[place] ^ data.draw(st.integers(1, 255))])
    damaged = tmp_path / "damaged"
    for content in (whole[:place], whole[:place] + flipped + whole[place + 1 :]):
        damaged.write_bytes(content)
        with pytest.raises(SnapshotError) as refused:
            loaded(damaged)
        message = str(refused.value)
        assert message.startswith(str(damaged))
        assert message.endswith(("to begin anew.", "Is it the right file?"))


def test_a_file_of_another_version_is_refused(file: Path, tmp_path: Path) -> None:
    title, _, frames = file.read_bytes().partition(b"\n")
    old = tmp_path / "old"
    old.write_bytes(title[:-1] + b"x\n" + frames)
    with pytest.raises(SnapshotError, match="written by another version of the sandbox"):
        loaded(old)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="No such file"):
        loaded(tmp_path / "nothing")


def test_when_the_disk_is_full_the_older_snapshot_stays(before: Account, tmp_path: Path) -> None:
    path = tmp_path / "account"
    path.write_bytes(b"older")
    path.with_name("account.unfinished").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"):
        save(before, path)
    assert ([entry.name for entry in tmp_path.iterdir()], path.read_bytes()) == (
        ["account"],
        b"older",
    )
