"""Signing up: one Customer per e-mail address, one card per student, nothing charged."""

import asyncio

import pytest

from tests.integration.conftest import Caller
from tests.integration.students import confirm_card, new_email, sign_up, start_signup


async def test_a_complete_signup(shop: Caller, stripe: Caller):
    """Name and e-mail stand on Customer and card; the lesson is in the metadata."""
    student = await sign_up(shop, stripe)
    assert student["customer"] == {
        "id": student["id"],
        "name": "Jenny Rosen",
        "email": student["email"],
    }
    assert student["card"].keys() == {"brand", "last4", "exp_month", "exp_year"}
    assert (student["card"]["brand"], student["card"]["last4"]) == ("visa", "4242")

    _, customer = await stripe.get(
        f"/v1/customers/{student['id']}?expand[]=invoice_settings.default_payment_method"
    )
    assert customer["metadata"] == {
        "first_lesson": "01 Dec 3:00 p.m.",
        "first_lesson_at": "2026-12-01T15:00:00-05:00",
    }
    card = customer["invoice_settings"]["default_payment_method"]
    assert card["billing_details"]["name"] == "Jenny Rosen"
    assert card["billing_details"]["email"] == student["email"]
    _, payments = await stripe.get(f"/v1/payment_intents?customer={student['id']}")
    assert payments["data"] == []


async def test_an_email_that_is_taken_is_told_with_its_student(shop: Caller, stripe: Caller):
    """Letter case does not matter, and the address comes back as typed."""
    student = await sign_up(shop, stripe)
    typed = student["email"].upper()
    status, answer = await shop.post(
        "/lessons", {"name": "Somebody", "email": typed, "first_lesson": "01 Dec 3:00 p.m."}
    )
    assert (status, answer) == (
        409,
        {
            "error": {
                "code": "customer_exists",
                "message": "A customer with that email address already exists.",
            },
            "customer_id": student["id"],
            "email": typed,
        },
    )


async def test_an_email_typed_in_capitals_is_found_in_small_letters(shop: Caller, stripe: Caller):
    """Stripe's own filter minds the letter case; the shop does not."""
    email = new_email()
    student = await sign_up(shop, stripe, email=email.title())
    status, answer = await shop.post(
        "/lessons", {"name": "Somebody", "email": email, "first_lesson": "01 Dec 3:00 p.m."}
    )
    assert (status, answer["customer_id"]) == (409, student["id"])


async def test_a_student_made_elsewhere_is_found(shop: Caller, stripe: Caller):
    """A Customer made in Stripe's Dashboard, in another letter case, counts at once."""
    email = new_email()
    _, made = await stripe.form("/v1/customers", email=email.upper(), name="From elsewhere")
    started = await start_signup(shop, email)
    assert started["customer_id"] == made["id"]


async def test_an_abandoned_signup_is_taken_up_again(shop: Caller, stripe: Caller):
    """A student without a card is not a customer yet; the last choice is what is saved."""
    email = new_email()
    first = await start_signup(shop, email)
    again = await start_signup(
        shop, email, name="Jenny R.", first_lesson="06 Dec 4:00 p.m.", first_lesson_at=""
    )
    assert again["customer_id"] == first["customer_id"]
    assert again["client_secret"] != first["client_secret"]
    _, customer = await stripe.get(f"/v1/customers/{first['customer_id']}")
    assert customer["name"] == "Jenny R."
    assert customer["metadata"] == {"first_lesson": "06 Dec 4:00 p.m."}


@pytest.mark.usefixtures("no_events")
async def test_an_address_is_free_at_once_where_its_student_was_deleted(
    shop: Caller, stripe: Caller
):
    """Also right after the sign-up, on the dashboard, and before Stripe's event tells of it."""
    email = new_email()
    gone = (await start_signup(shop, email))["customer_id"]
    await stripe.delete(f"/v1/customers/{gone}")
    started = await start_signup(shop, email)
    assert started["customer_id"] != gone
    _, setup = await stripe.get(
        f"/v1/setup_intents/{started['client_secret'].split('_secret_')[0]}"
    )
    assert setup["customer"] == started["customer_id"]


async def test_a_refused_card_can_be_followed_by_a_good_one(shop: Caller, stripe: Caller):
    """Same account, same SetupIntent."""
    started = await start_signup(shop, new_email())
    setup_intent = started["client_secret"].split("_secret_")[0]
    status, refused = await stripe.form(
        f"/v1/setup_intents/{setup_intent}/confirm", payment_method="pm_card_chargeDeclined"
    )
    assert (status, refused["error"]["code"]) == (402, "card_declined")
    await confirm_card(stripe, started["client_secret"], "pm_card_mastercard")
    status, done = await shop.post(
        f"/update-payment-details/{started['customer_id']}", {"setup_intent_id": setup_intent}
    )
    assert (status, done["card"]["brand"]) == (200, "mastercard")


async def test_the_last_choice_of_a_lesson_is_saved_with_the_card(shop: Caller, stripe: Caller):
    """The choice may change while the card form is open."""
    started = await start_signup(shop, new_email())
    setup_intent = await confirm_card(stripe, started["client_secret"])
    await shop.post(
        f"/update-payment-details/{started['customer_id']}",
        {
            "setup_intent_id": setup_intent,
            "first_lesson": "13 Dec 5:00 p.m.",
            "first_lesson_at": "2026-12-13T17:00:00-05:00",
        },
    )
    _, customer = await stripe.get(f"/v1/customers/{started['customer_id']}")
    assert customer["metadata"] == {
        "first_lesson": "13 Dec 5:00 p.m.",
        "first_lesson_at": "2026-12-13T17:00:00-05:00",
    }


async def test_a_tab_closed_after_the_card_was_confirmed(shop: Caller, stripe: Caller):
    """Stripe's event finishes the sign-up: default card, name and e-mail on it."""
    email = new_email()
    started = await start_signup(shop, email)
    await confirm_card(stripe, started["client_secret"])
    path = f"/v1/customers/{started['customer_id']}"
    for _ in range(100):
        _, customer = await stripe.get(f"{path}?expand[]=invoice_settings.default_payment_method")
        card = customer["invoice_settings"]["default_payment_method"]
        if card and card["billing_details"]["email"] == email:
            break
        await asyncio.sleep(0.1)
    assert card is not None
    assert card["billing_details"]["name"] == "Jenny Rosen"
    assert card["billing_details"]["email"] == email


async def test_finishing_twice_changes_nothing(shop: Caller, stripe: Caller):
    """The page and the event do the same step."""
    student = await sign_up(shop, stripe)
    _, before = await stripe.get(f"/v1/customers/{student['id']}")
    _, cards = await stripe.get(f"/v1/customers/{student['id']}/payment_methods")
    _, intents = await stripe.get(f"/v1/setup_intents?customer={student['id']}")
    status, again = await shop.post(
        f"/update-payment-details/{student['id']}", {"setup_intent_id": intents["data"][0]["id"]}
    )
    assert (status, again["card"]) == (200, student["card"])
    assert await stripe.get(f"/v1/customers/{student['id']}") == (200, before)
    assert await stripe.get(f"/v1/customers/{student['id']}/payment_methods") == (200, cards)


async def test_one_address_signed_up_many_times_at_once_is_one_student(shop: Caller):
    """In different letter case too."""
    email = new_email()
    spellings = [email, email.upper(), email.title()] * 4
    started = await asyncio.gather(*(start_signup(shop, spelling) for spelling in spellings))
    assert len({each["customer_id"] for each in started}) == 1


async def test_another_students_card_cannot_be_taken(shop: Caller, stripe: Caller):
    """A SetupIntent belongs to the student it was made for."""
    student = await sign_up(shop, stripe)
    other = await start_signup(shop, new_email())
    setup_intent = await confirm_card(stripe, other["client_secret"])
    status, answer = await shop.post(
        f"/update-payment-details/{student['id']}", {"setup_intent_id": setup_intent}
    )
    assert (status, answer) == (
        400,
        {"error": {"code": None, "message": "This card was entered for another student."}},
    )


async def test_a_card_that_was_not_confirmed_is_not_saved(shop: Caller):
    """The page finishes only after Stripe said so."""
    started = await start_signup(shop, new_email())
    setup_intent = started["client_secret"].split("_secret_")[0]
    status, answer = await shop.post(
        f"/update-payment-details/{started['customer_id']}", {"setup_intent_id": setup_intent}
    )
    assert (status, answer["error"]["message"]) == (400, "The card has not been confirmed yet.")


async def test_a_card_that_is_no_default_is_a_card(shop: Caller, stripe: Caller):
    """A student whose card was attached elsewhere is a customer already."""
    email = new_email()
    _, customer = await stripe.form("/v1/customers", email=email, name="From elsewhere")
    await stripe.form("/v1/payment_methods/pm_card_visa/attach", customer=customer["id"])
    status, answer = await shop.post(
        "/lessons", {"name": "A", "email": email, "first_lesson": "01 Dec 3:00 p.m."}
    )
    assert (status, answer["customer_id"]) == (409, customer["id"])


async def test_an_email_that_was_changed_is_taken_in_any_letter_case(shop: Caller, stripe: Caller):
    """The index hears of changes made through the shop."""
    student, email = await sign_up(shop, stripe), new_email()
    await shop.post(f"/account-update/{student['id']}", {"email": email.title()})
    status, answer = await shop.post(
        "/lessons", {"name": "A", "email": email, "first_lesson": "01 Dec 3:00 p.m."}
    )
    assert (status, answer["customer_id"]) == (409, student["id"])
