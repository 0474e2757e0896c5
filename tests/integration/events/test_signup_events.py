"""setup_intent.succeeded: the student is complete and welcome, page or no page."""

from tests.integration.events.conftest import Studio
from tests.integration.students import confirm_card, new_email, start_signup

SUCCEEDED = "setup_intent.succeeded"


async def closed_the_tab(studio: Studio) -> tuple[str, str]:
    """A student whose card is confirmed, and no page said so: ids of student and SetupIntent."""
    started = await start_signup(studio.shop, new_email())
    setup_intent = await confirm_card(studio.stripe, started["client_secret"])
    return started["customer_id"], setup_intent


async def new_card(studio: Studio, customer_id: str) -> str:
    """The student puts down another card on the account page; answers with its SetupIntent."""
    setup_intent = await entered_card(studio, customer_id)
    await save_card(studio, customer_id, setup_intent)
    return setup_intent


async def entered_card(studio: Studio, customer_id: str) -> str:
    """Another card is confirmed, and the page did not say so yet; its SetupIntent."""
    _, update = await studio.shop.post(f"/account-update/{customer_id}", {"name": "Jenny Rosen"})
    return await confirm_card(studio.stripe, update["client_secret"], "pm_card_mastercard")


async def new_method(studio: Studio) -> str:
    """The id of a Visa card that was entered and not confirmed yet."""
    _, card = await studio.stripe.form(
        "/v1/payment_methods",
        **{"type": "card", "card[number]": "4242424242424242", "card[cvc]": "123"},
        **{"card[exp_month]": "4", "card[exp_year]": "2030"},
    )
    return card["id"]


async def save_card(studio: Studio, customer_id: str, setup_intent: str) -> None:
    body = {"setup_intent_id": setup_intent}
    status, done = await studio.shop.post(f"/update-payment-details/{customer_id}", body)
    assert status == 200, done


async def test_a_student_who_closed_the_tab_is_complete_and_welcome(studio: Studio):
    """The event does what the page did not."""
    student, setup_intent = await closed_the_tab(studio)
    await studio.handle(SUCCEEDED, setup_intent)
    _, account = await studio.shop.get(f"/payment-method/{student}")
    known = await studio.known(student)
    assert account["card"]["last4"] == "4242"
    assert known.card
    assert known.card.last4 == "4242"
    assert list(studio.letters()) == [f"welcome:{student}"]


async def test_a_student_whose_page_was_quicker_is_welcome_too(studio: Studio):
    """Who finishes the sign-up does not matter for the letter, however often the event comes."""
    student = await studio.student()
    [(_, setup_intent)] = await studio.happened("seti_")
    for _ in range(3):
        await studio.handle(SUCCEEDED, setup_intent)
    assert list(studio.letters()) == [f"welcome:{student['id']}"]
    [letter] = studio.letters().values()
    body = letter.get_body(("plain",)).get_content()
    assert letter["To"].addresses[0].addr_spec == student["email"]
    assert "01 Dec 3:00 p.m." in body
    assert f"{studio.desk.settings.domain}/account-update/{student['id']}" in body


async def test_another_card_is_no_reason_for_a_welcome(studio: Studio):
    """Also where nobody remembers the first letter; the new card stays the one card."""
    student = await studio.student()
    setup_intent = await new_card(studio, student["id"])
    await studio.handle(SUCCEEDED, setup_intent)
    known = await studio.known(student["id"])
    assert studio.letters() == {}
    assert known.card
    assert known.card.brand == "mastercard"


async def test_a_late_event_about_the_first_card_leaves_the_newer_one(studio: Studio):
    """The welcome is late, and the card that was put down since stays."""
    student = await studio.student()
    [(_, first)] = await studio.happened("seti_")
    await new_card(studio, student["id"])
    await studio.handle(SUCCEEDED, first)
    known = await studio.known(student["id"])
    assert list(studio.letters()) == [f"welcome:{student['id']}"]
    assert known.card
    assert known.card.brand == "mastercard"


async def test_an_event_about_the_first_card_leaves_one_that_is_being_saved(studio: Studio):
    """Also where both were entered within one second."""
    student = await studio.student()
    [(_, first)] = await studio.happened("seti_")
    second = await entered_card(studio, student["id"])
    await studio.handle(SUCCEEDED, first)
    await save_card(studio, student["id"], second)
    _, account = await studio.shop.get(f"/payment-method/{student['id']}")
    assert account["card"]["brand"] == "mastercard"


async def test_a_card_entered_first_and_confirmed_last_goes(studio: Studio):
    """Both tabs were closed; the bank's challenge took longer than entering the other card."""
    started = await start_signup(studio.shop, new_email())
    student = started["customer_id"]
    entered_first = await new_method(studio)
    second = await entered_card(studio, student)
    await studio.handle(SUCCEEDED, second)
    first = await confirm_card(studio.stripe, started["client_secret"], entered_first)
    for _ in range(2):
        await studio.handle(SUCCEEDED, first)
    _, cards = await studio.stripe.get(f"/v1/customers/{student}/payment_methods")
    [kept] = cards["data"]
    _, customer = await studio.stripe.get(f"/v1/customers/{student}")
    assert kept["card"]["brand"] == "mastercard"
    assert customer["invoice_settings"]["default_payment_method"] == kept["id"]


async def test_a_card_for_something_else_is_left_alone(studio: Studio):
    """Others save cards on this account too."""
    _, customer = await studio.stripe.form("/v1/customers", email="buyer@example.com")
    _, setup = await studio.stripe.form(
        "/v1/setup_intents",
        customer=customer["id"],
        confirm="true",
        payment_method="pm_card_visa",
        **{"allowed_payment_method_types[]": "card"},
    )
    await studio.handle(SUCCEEDED, setup["id"])
    _, after = await studio.stripe.get(f"/v1/customers/{customer['id']}")
    assert after["invoice_settings"]["default_payment_method"] is None
    assert (studio.letters(), await studio.knows(customer["id"])) == ({}, False)


async def test_a_student_who_is_gone_gets_nothing(studio: Studio):
    """The event may come after the account was deleted."""
    student, setup_intent = await closed_the_tab(studio)
    await studio.stripe.delete(f"/v1/customers/{student}")
    await studio.handle(SUCCEEDED, setup_intent)
    assert (studio.letters(), await studio.knows(student)) == ({}, False)
