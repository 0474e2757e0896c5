"""A student's account: details, one card, leaving."""

import asyncio
from calendar import monthrange
from datetime import UTC, date, datetime

from tests.integration.conftest import Caller
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup


async def test_the_account_page_reads_student_and_card(shop: Caller, stripe: Caller):
    """No more of the card than its visible part."""
    student = await sign_up(shop, stripe)
    status, answer = await shop.get(f"/payment-method/{student['id']}")
    assert status == 200
    assert answer["customer"] == student["customer"]
    assert answer["card"] == student["card"]


async def test_how_long_the_card_works_is_told(shop: Caller, stripe: Caller):
    """To the end of the month on it; from 60 days before, that it expires soon."""
    today = datetime.now(UTC).date()
    for year, state in ((today.year, "expires_soon"), (today.year + 5, "ok")):
        ends = date(year, today.month, monthrange(year, today.month)[1])
        _, card = await stripe.form(
            "/v1/payment_methods",
            **{"type": "card", "card[number]": "4242424242424242", "card[cvc]": "123"},
            **{"card[exp_month]": str(ends.month), "card[exp_year]": str(ends.year)},
        )
        student = await sign_up(shop, stripe, card=card["id"])
        _, answer = await shop.get(f"/payment-method/{student['id']}")
        assert answer["card_expiry"] == {"state": state, "last_day": ends.isoformat()}


async def test_a_student_without_a_card_has_none(shop: Caller):
    """An abandoned sign-up."""
    started = await start_signup(shop, new_email())
    status, answer = await shop.get(f"/payment-method/{started['customer_id']}")
    assert (status, answer["card"], answer["card_expiry"]) == (200, None, None)


async def test_an_unknown_student_is_a_404(shop: Caller):
    """Everywhere, with Stripe's words."""
    error = {"error": {"code": "resource_missing", "message": "No such customer: 'cus_x'"}}
    assert await shop.get("/payment-method/cus_x") == (404, error)
    assert await shop.post("/account-update/cus_x", {"name": "A"}) == (404, error)
    assert await shop.post("/delete-account/cus_x") == (404, error)
    body = {"setup_intent_id": "seti_x"}
    assert await shop.post("/update-payment-details/cus_x", body) == (404, error)


async def test_name_and_email_are_saved_at_once(shop: Caller, stripe: Caller):
    """On the Customer and on the card, before any new card is entered."""
    student, email = await sign_up(shop, stripe), new_email()
    status, answer = await shop.post(
        f"/account-update/{student['id']}", {"name": "New Name", "email": email}
    )
    assert status == 200
    assert answer["customer"] == {"id": student["id"], "name": "New Name", "email": email}
    assert answer["client_secret"].startswith("seti_")
    _, cards = await stripe.get(f"/v1/customers/{student['id']}/payment_methods")
    details = cards["data"][0]["billing_details"]
    assert (details["name"], details["email"]) == ("New Name", email)


async def test_each_of_them_is_optional(shop: Caller, stripe: Caller):
    """What is not given stays; the id may also be in the body."""
    student = await sign_up(shop, stripe)
    _, renamed = await shop.post(f"/account-update/{student['id']}", {"name": "New Name"})
    assert renamed["customer"]["email"] == student["email"]
    _, same = await shop.form("/account-update", customer_id=student["id"])
    assert same["customer"] == {**student["customer"], "name": "New Name"}


async def test_another_students_email_cannot_be_taken(shop: Caller, stripe: Caller):
    """In any letter case, and nothing is changed."""
    student, other = await sign_up(shop, stripe), await sign_up(shop, stripe)
    status, answer = await shop.post(
        f"/account-update/{student['id']}", {"name": "X", "email": other["email"].upper()}
    )
    assert status == 409
    assert answer["error"] == {
        "code": "customer_exists",
        "message": "Customer email already exists!",
    }
    _, now = await shop.get(f"/payment-method/{student['id']}")
    assert now["customer"] == student["customer"]


async def test_the_own_email_in_other_letter_case_is_no_clash(shop: Caller, stripe: Caller):
    """Addresses are kept as typed."""
    student = await sign_up(shop, stripe)
    typed = student["email"].upper()
    status, answer = await shop.post(f"/account-update/{student['id']}", {"email": typed})
    assert (status, answer["customer"]["email"]) == (200, typed)


async def test_a_new_card_replaces_the_old_one(shop: Caller, stripe: Caller):
    """The new one is the default, the old one is detached."""
    student = await sign_up(shop, stripe)
    _, old_cards = await stripe.get(f"/v1/customers/{student['id']}/payment_methods")
    _, update = await shop.post(f"/account-update/{student['id']}", {})
    setup_intent = await confirm_card(stripe, update["client_secret"], "pm_card_mastercard")
    status, answer = await shop.post(
        f"/update-payment-details/{student['id']}", {"setup_intent_id": setup_intent}
    )
    assert (status, answer["card"]["brand"]) == (200, "mastercard")
    _, cards = await stripe.get(f"/v1/customers/{student['id']}/payment_methods")
    assert [card["card"]["brand"] for card in cards["data"]] == ["mastercard"]
    assert cards["data"][0]["billing_details"]["email"] == student["email"]
    _, customer = await stripe.get(f"/v1/customers/{student['id']}")
    assert customer["invoice_settings"]["default_payment_method"] == cards["data"][0]["id"]
    _, old = await stripe.get(f"/v1/payment_methods/{old_cards['data'][0]['id']}")
    assert old["customer"] is None


async def test_two_cards_confirmed_at_once_leave_exactly_one(shop: Caller, stripe: Caller):
    """One of them wins, the other is told, and nobody is left without a card."""
    student = await sign_up(shop, stripe)
    updates = [await shop.post(f"/account-update/{student['id']}", {}) for _ in range(2)]
    intents = [
        await confirm_card(stripe, update["client_secret"], card)
        for (_, update), card in zip(updates, ("pm_card_mastercard", "pm_card_amex"), strict=True)
    ]
    await asyncio.gather(
        *(
            shop.post(f"/update-payment-details/{student['id']}", {"setup_intent_id": intent})
            for intent in intents
        )
    )
    _, cards = await stripe.get(f"/v1/customers/{student['id']}/payment_methods")
    assert len(cards["data"]) == 1
    _, customer = await stripe.get(f"/v1/customers/{student['id']}")
    assert customer["invoice_settings"]["default_payment_method"] == cards["data"][0]["id"]


async def test_deleting_a_student(shop: Caller, stripe: Caller):
    """A deleted student is an unknown one, and the address is free again."""
    student = await sign_up(shop, stripe)
    assert await shop.post(f"/delete-account/{student['id']}") == (200, {"deleted": True})
    status, answer = await shop.get(f"/payment-method/{student['id']}")
    assert (status, answer["error"]["message"]) == (404, f"No such customer: '{student['id']}'")
    assert (await shop.post(f"/delete-account/{student['id']}"))[0] == 404
    status, answer = await shop.post(
        "/schedule-lesson", {"customer_id": student["id"], "amount": 5, "description": "x"}
    )
    assert status == 404
    again = await start_signup(shop, student["email"])
    assert again["customer_id"] != student["id"]


async def test_a_student_with_open_holds_stays(shop: Caller, stripe: Caller):
    """Every open hold is named, however many payments lie above it; nothing is deleted."""
    student = await sign_up(shop, stripe)
    first = await hold(shop, student["id"], 1000)
    for _ in range(100):
        await stripe.form("/v1/payment_intents", amount=500, currency="usd", customer=student["id"])
    done = await hold(shop, student["id"], 2000)
    await shop.post("/complete-lesson-payment", {"payment_intent_id": done["id"]})
    last = await hold(shop, student["id"], 3000)
    status, answer = await shop.post(f"/delete-account/{student['id']}")
    assert (status, answer) == (409, {"uncaptured_payments": [last["id"], first["id"]]})
    _, now = await shop.get(f"/payment-method/{student['id']}")
    assert now["card"] == student["card"]


async def test_nobody_is_deleted_while_a_hold_is_placed(shop: Caller, stripe: Caller):
    """Of the two at once one wins: the student is gone without a hold, or stays with it."""
    for _ in range(8):
        student = await sign_up(shop, stripe)
        body = {"customer_id": student["id"], "amount": 500, "description": "x"}
        (held, _), (deleted, _) = await asyncio.gather(
            shop.post("/schedule-lesson", body), shop.post(f"/delete-account/{student['id']}")
        )
        assert (held, deleted) in {(200, 409), (404, 200)}


async def test_other_customers_of_the_account_keep_their_cards(shop: Caller, stripe: Caller):
    """Tickets and videos save cards too; the shop's events leave those alone."""
    _, customer = await stripe.form("/v1/customers", email=new_email(), name="Buys videos")
    for card in ("pm_card_visa", "pm_card_amex"):
        _, setup = await stripe.form(
            "/v1/setup_intents",
            **{"customer": customer["id"], "allowed_payment_method_types[]": "card"},
        )
        await confirm_card(stripe, setup["client_secret"], card)
    student = await start_signup(shop, new_email())
    await confirm_card(stripe, student["client_secret"])
    for _ in range(100):
        _, finished = await stripe.get(f"/v1/customers/{student['customer_id']}")
        if finished["invoice_settings"]["default_payment_method"]:
            break
        await asyncio.sleep(0.05)
    _, cards = await stripe.get(f"/v1/customers/{customer['id']}/payment_methods")
    assert [card["card"]["brand"] for card in cards["data"]] == ["amex", "visa"]
    _, untouched = await stripe.get(f"/v1/customers/{customer['id']}")
    assert untouched["invoice_settings"]["default_payment_method"] is None
