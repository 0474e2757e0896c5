"""Every state the instructor's page can be in, and that a refresh disturbs nobody."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.instructor import CannedBook, InstructorPage, intent, note_posts
from tests.browser.lesson_book_documents import (
    Document,
    book,
    busy_book,
    event,
    lesson,
    payment,
    student,
    timeline,
)

EMPTY = {
    "today": "No lessons in the next two weeks.",
    "needs-hold": "Nobody needs a hold. Every lesson of the next five days is covered.",
    "holds": "No open holds. Nothing is reserved on any card.",
    "failed": "No failed payments in the last 30 days.",
    "attention": "Nothing needs attention.",
}


@pytest.fixture
def staff(page: Page) -> InstructorPage:
    return InstructorPage(page)


def shown(staff: InstructorPage, document: Document, view: str = "today") -> CannedBook:
    """A view of the page over this book."""
    canned = CannedBook(staff.page, document)
    staff.open(view)
    return canned


def said(staff: InstructorPage) -> list[list[str]]:
    """When, who, state with amount, notes and buttons of each row."""
    parts = (".row-moment", ".row-name", ".row-line", ".row-notes")
    return [
        [row.locator(part).inner_text().replace("\n", " ") for part in parts]
        + [" ".join(row.locator(".row-actions > button").all_inner_texts()).replace("\n", " ")]
        for row in staff.rows.all()
    ]


# ── The five views ───────────────────────────────────────────────────────────────────────────


def test_lessons_stand_by_day_in_the_shops_zone(staff: InstructorPage) -> None:
    """Today first, then tomorrow, then each day by its name; the zone is named."""
    shown(staff, busy_book())
    expect(staff.page.locator("#day")).to_have_text("Monday, Nov 23. All times are New York time.")
    expect(staff.page.locator(".section-title")).to_have_text(
        [
            "Today, Monday, Nov 23",
            "Tomorrow, Tuesday, Nov 24",
            "Wednesday, Nov 25",
            "Thursday, Nov 26",
            "Friday, Nov 27",
            "Thursday, Dec 3",
            "Friday, Dec 4",
        ]
    )
    expect(staff.page.locator("#compared")).to_have_text(
        "Compared with everything at Stripe on Nov 23, 2026, 3:10 AM EST; "
        "Stripe's events keep it up to date since."
    )


def test_each_lesson_says_its_payment_and_what_is_due(staff: InstructorPage) -> None:
    """The due action is the loud one; without a card there is none."""
    shown(staff, busy_book())
    by_name = {name: rest for _, name, *rest in said(staff)}
    assert by_name["Ada Marsh"][:2] == ["Held $65.00", "1 day 4 h left to capture."]
    assert by_name["Tomás Ferreira"][0] == "Captured $65.00"
    assert by_name["Ines Okafor"][:2] == ["Refunded in part $65.00", "$15.00 refunded."]
    assert by_name["Jenny Rosen"][0] == "Needs a hold"
    assert by_name["Walter Lindqvist"][:2] == [
        "Card declined $65.00",
        "Needs a hold. “Your card has insufficient funds.” Trying again later may work.",
    ]
    assert by_name["Sam Whitlock"] == ["Needs a card", "", ""]
    assert by_name["Cleo Duarte"][0] == "Hold from Nov 28"
    loud = staff.page.locator(".row[data-due] .row-actions > button:not(.quiet-button)")
    due = [button.get_attribute("data-action") for button in loud.all()]
    assert due == ["capture", "capture", "hold", "hold", "hold"]


def test_a_hold_that_lapses_before_its_lesson_stands_out(staff: InstructorPage) -> None:
    """Also on the day itself, when capturing it is what to do."""
    at = "2026-11-23T20:00:00Z"
    short = payment("Ada Marsh", capture_before="2026-11-23T19:59:59Z")
    long = payment("Ines Okafor", capture_before=at)
    lessons = [lesson("Ada Marsh", at, short), lesson("Ines Okafor", at, long)]
    shown(staff, book(lessons=lessons))
    expect(staff.row("Ada Marsh")).to_have_attribute("data-tone", "warn")
    expect(staff.row("Ada Marsh")).to_contain_text("Lapses before the lesson.")
    expect(staff.row("Ines Okafor")).to_have_attribute("data-tone", "held")


@pytest.mark.parametrize(
    ("changes", "state", "note"),
    [
        ({"refund_pending": 6500}, "Refund on its way", "A refund of $65.00 is on its way."),
        (
            {"refunded": 1000, "refund_pending": 500},
            "Refund on its way",
            "$10.00 refunded. A refund of $5.00 is on its way.",
        ),
        ({"refunded": 1000}, "Refunded in part", "$10.00 refunded."),
        ({"refunded": 6500}, "Refunded", "$65.00 refunded."),
    ],
)
def test_a_refund_is_told_apart_from_one_on_its_way(
    staff: InstructorPage, changes: Document, state: str, note: str
) -> None:
    """The bank may send it back yet."""
    at = "2026-11-23T20:00:00Z"
    shown(staff, book(lessons=[lesson("Jenny Rosen", at, payment(state="captured", **changes))]))
    assert said(staff)[0][2:4] == [f"{state} $65.00", note]


def test_open_holds_say_the_time_that_is_left(staff: InstructorPage) -> None:
    """The exact moment stands beside it; one that is about to lapse is held again first."""
    shown(staff, busy_book(), "holds")
    assert [row[:4] for row in said(staff)] == [
        [
            "Lapses Nov 23, 2026, 4:30 PM EST",
            "Noor Haddad",
            "About to lapse $65.00",
            "Lapses Nov 23, 2026, 4:30 PM EST. With Ruth Bell.",
        ],
        [
            "Lapses Nov 24, 2026, 2:14 PM EST",
            "Ada Marsh",
            "Held $65.00",
            "Lapses Nov 24, 2026, 2:14 PM EST.",
        ],
        [
            "Lapses Nov 27, 2026, 10:00 AM EST",
            "Ruben Vogt",
            "Held $90.01",
            "Lapses Nov 27, 2026, 10:00 AM EST.",
        ],
    ]
    expect(staff.page.locator(".row-when")).to_have_text(
        ["6 h 25 min left", "1 day 4 h left", "3 days 23 h left"]
    )
    first = staff.row("Noor Haddad").locator(".row-actions > button").first
    expect(first).to_have_accessible_name("Hold again for Noor Haddad")
    expect(staff.page.locator(".view-more")).to_have_text(
        "3 more rows not shown here. Find the student by name."
    )


def test_what_needs_attention_is_told_with_its_reason(staff: InstructorPage) -> None:
    """Holds, refunds that came back, and disputes with the day they are due."""
    shown(staff, busy_book(), "attention")
    assert [row[1:4] for row in said(staff)] == [
        [
            "Noor Haddad",
            "About to lapse $65.00",
            "Lapses Nov 23, 2026, 4:30 PM EST. With Ruth Bell.",
        ],
        [
            "Mia Castellanos",
            "Hold expired $65.00",
            "It lapsed before it was captured. Nothing was charged.",
        ],
        [
            "Greta Sommer",
            "Refund failed $65.00",
            "A refund of $65.00 failed: the card has expired or was cancelled.",
        ],
        [
            "Leo Brandt",
            "Disputed $65.00",
            "$65.00 disputed (product not received). Answer Stripe by Nov 29, 2026, 6:59 PM EST.",
        ],
    ]
    expect(staff.row("Leo Brandt").get_by_role("button")).to_have_count(0)  # Stripe refunds none


@pytest.mark.parametrize("view", EMPTY)
def test_an_empty_view_says_so(staff: InstructorPage, view: str) -> None:
    """A sentence instead of a blank."""
    shown(staff, book(compared_at=None), view)
    expect(staff.empty).to_have_text(EMPTY[view])
    expect(staff.page.locator(".tab-count")).to_have_text(["0"] * 5)
    expect(staff.page.locator("#compared")).to_contain_text("Not compared with everything")


def test_the_views_are_counted(staff: InstructorPage) -> None:
    """With what the shop left out of its lists."""
    shown(staff, busy_book())
    expect(staff.page.locator(".tab-count")).to_have_text(["11", "5", "6", "2", "4"])


def test_all_lessons_of_the_next_five_days_are_read(staff: InstructorPage) -> None:
    """However many there are: nobody who needs a hold is missed. Later ones are asked for."""
    soon, later, last = "2026-11-26T20:00:00Z", "2026-12-01T20:00:00Z", "2026-12-05T20:00:00Z"
    canned = CannedBook(
        staff.page, book(lessons=[lesson("Ada", soon, needs_hold=True)], more={"lessons": 400})
    )
    second = [lesson("Bea", soon, needs_hold=True), lesson("Cy", later)]
    canned.later = {
        "200": book(lessons=second, more={"lessons": 200}),
        "400": book(lessons=[lesson("Cy", later), lesson("Dora", last)]),
    }
    staff.open("today")
    expect(staff.page.locator(".row-name")).to_have_text(["Ada", "Bea", "Cy"])
    expect(staff.page.locator(".tab-count")).to_have_text(["203", "2", "0", "0", "0"])
    staff.page.get_by_role("button", name="Show later lessons").click()
    expect(staff.page.locator(".row-name")).to_have_text(["Ada", "Bea", "Cy", "Dora"])
    expect(staff.page.get_by_role("button", name="Show later lessons")).to_be_hidden()


def test_the_first_lessons_are_shown_before_the_others_are_read(staff: InstructorPage) -> None:
    """Where there are thousands, today's can be worked on at once."""
    soon = "2026-11-23T20:00:00Z"
    CannedBook(staff.page, book(lessons=[lesson("Ada", soon)], more={"lessons": 1}))
    asked: list[Route] = []
    staff.page.route("**/lesson-book?skip=200", lambda route: asked.append(route))
    staff.open("today")
    expect(staff.page.locator(".row-name")).to_have_text(["Ada"])
    expect(staff.page.locator("#reading")).to_be_hidden()
    asked[0].fulfill(json=book(lessons=[lesson("Bea", soon)]))
    expect(staff.page.locator(".row-name")).to_have_text(["Ada", "Bea"])


# ── When the book is read again ──────────────────────────────────────────────────────────────


def test_a_refresh_keeps_focus_selection_and_menu(staff: InstructorPage) -> None:
    """A row that has not changed stays; one that has is renewed around the focus."""
    canned = shown(staff, busy_book())
    row = staff.row("Ada Marsh")
    row.get_by_role("checkbox").check()
    row.get_by_role("button", name="More").click()
    release = row.get_by_role("button", name="Release")
    release.focus()
    untouched = staff.row("Cleo Duarte").element_handle()
    canned.document["lessons"][1]["payment"]["amount"] = 7000
    again(staff)
    expect(row.locator(".row-amount")).to_have_text("$70.00")
    expect(release).to_be_visible()
    expect(release).to_be_focused()
    expect(row.get_by_role("checkbox")).to_be_checked()
    assert untouched is not None
    assert untouched.evaluate("(row) => row.isConnected")


def test_a_refresh_keeps_an_open_dialog(staff: InstructorPage) -> None:
    """What is typed stays, though the row behind it has changed."""
    canned = shown(staff, busy_book())
    staff.begin(staff.row("Ada Marsh"), "Capture")
    staff.amount.fill("12.34")
    canned.document["lessons"].pop(0)
    again(staff)
    expect(staff.row("Tomás Ferreira")).to_have_count(0)
    expect(staff.dialog).to_be_visible()
    expect(staff.amount).to_have_value("12.34")


def test_a_book_that_cannot_be_read_is_said_and_the_last_one_stays(staff: InstructorPage) -> None:
    """It is marked as old until the book can be read again."""
    canned = shown(staff, busy_book())
    canned.is_away = True
    again(staff)
    expect(staff.problem.locator("p")).to_have_text(
        "The lesson book can't be read. The shop's memory is away. What you see is from 10:04 AM."
    )
    expect(staff.page.locator("#as-of")).to_have_text("Old: as of 10:04 AM")
    expect(staff.rows).to_have_count(11)
    canned.is_away = False
    staff.problem.get_by_role("button", name="Try again").click()
    expect(staff.problem).to_be_hidden()
    expect(staff.page.locator("#as-of")).to_have_text("As of 10:04 AM")


def test_a_book_that_was_never_read_is_said(staff: InstructorPage) -> None:
    """Nothing pretends to be an empty day."""
    canned = CannedBook(staff.page, book())
    canned.is_away = True
    staff.page.goto("/instructor")
    expect(staff.problem.locator("p")).to_have_text(
        "The lesson book can't be read. The shop's memory is away."
    )
    expect(staff.empty).to_be_hidden()
    expect(staff.rows).to_have_count(0)


def test_the_book_is_read_every_twenty_seconds_while_somebody_looks(staff: InstructorPage) -> None:
    """Not while the tab is hidden, and at once on the return to it."""
    staff.page.clock.install()
    canned = shown(staff, book())
    assert canned.readings == 1
    with staff.page.expect_response("**/lesson-book"):
        staff.page.clock.fast_forward(20_001)
    set_hidden(staff.page, hidden=True)
    staff.page.clock.fast_forward(120_000)
    assert canned.readings == 2
    with staff.page.expect_response("**/lesson-book"):
        set_hidden(staff.page, hidden=False)
    assert canned.readings == 3


def again(staff: InstructorPage) -> None:
    """Read the book again, without a click that would move the focus."""
    with staff.page.expect_response("**/lesson-book"):
        staff.page.locator(".freshness .refresh").dispatch_event("click")


def set_hidden(page: Page, *, hidden: bool) -> None:
    """What the browser says when the tab is left or come back to."""
    page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


# ── The dialog ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "Please type an amount."),
        ("12.5", "Please write dollars, or dollars and two digits of cents, such as 12.50."),
        ("0", "The smallest amount is one cent: 0.01."),
        ("65.01", "Only $65.00 is held."),
    ],
)
def test_a_wrong_amount_is_said_beside_the_field(
    staff: InstructorPage, typed: str, problem: str
) -> None:
    """Nothing is sent, and the cursor goes back to it."""
    sent = note_posts(staff.page, "/complete-lesson-payment", lambda route: route.abort())
    shown(staff, busy_book())
    staff.begin(staff.row("Ada Marsh"), "Capture")
    staff.amount.fill(typed)
    staff.submit.click()
    expect(staff.page.locator("#amount-problem")).to_have_text(problem)
    expect(staff.amount).to_be_focused()
    expect(staff.amount).to_have_attribute("aria-invalid", "true")
    assert set(staff.figures().values()) == {"\u2013"}
    staff.amount.fill("12.50")
    expect(staff.page.locator("#amount-problem")).to_be_empty()
    assert sent == []


@pytest.mark.parametrize(
    ("view", "card"), [("today", "Visa ending in 4242"), ("failed", "Saved card")]
)
def test_a_hold_names_the_card_where_it_is_known(
    staff: InstructorPage, view: str, card: str
) -> None:
    """A refused payment's card may have been replaced since, so it is not named."""
    shown(staff, busy_book(), view)
    staff.begin(staff.row("Walter Lindqvist"), "Hold")
    expect(staff.dialog.locator(".whom-what")).to_have_text(card)


def test_escape_closes_and_the_row_has_the_focus_again(staff: InstructorPage) -> None:
    """The button that was pressed, also where it was behind "More"."""
    shown(staff, busy_book())
    row = staff.row("Ada Marsh")
    for action, back in (("Capture", "Capture"), ("Release", "More")):
        staff.begin(row, action)
        staff.page.keyboard.press("Escape")
        expect(staff.dialog).to_be_hidden()
        expect(row.get_by_role("button", name=back)).to_be_focused()


def test_an_action_can_be_done_with_the_keyboard_alone(staff: InstructorPage) -> None:
    """Tab to the button, Enter, type, Enter; then the focus is in the row."""
    captured = intent("pi_adamarsh", "succeeded", amount_received=4000)
    sent = note_posts(
        staff.page,
        "/complete-lesson-payment",
        lambda route: route.fulfill(json={"payment": captured}),
    )
    canned = shown(staff, busy_book())
    canned_payment = payment("Ada Marsh", "captured", captured=4000)
    staff.page.route(
        "**/lesson-book/payments/*", lambda route: route.fulfill(json={"payment": canned_payment})
    )
    canned.document["lessons"][1]["payment"] = canned_payment
    row = staff.row("Ada Marsh")
    row.get_by_role("link", name="Ada Marsh").focus()
    staff.page.keyboard.press("Tab")
    expect(row.get_by_role("button", name="Capture")).to_be_focused()
    staff.page.keyboard.press("Enter")
    staff.page.keyboard.type("40.00")
    staff.page.keyboard.press("Enter")
    expect(staff.news).to_have_text("Ada Marsh: Captured $40.00, released $25.00.")
    expect(row.locator(".row-line")).to_have_text("Captured $40.00")
    assert row.evaluate("(row) => row.contains(document.activeElement)")
    assert [body for body, _ in sent] == [{"payment_intent_id": "pi_adamarsh", "amount": 4000}]


def test_a_row_that_is_not_decided_offers_to_try_again(staff: InstructorPage) -> None:
    """After the dialog is closed too, and under the same key."""
    sent = note_posts(staff.page, "/schedule-lesson", lambda route: route.abort())
    shown(staff, busy_book())
    row = staff.row("Jenny Rosen")
    staff.begin(row, "Hold")
    staff.amount.fill("65")
    staff.submit.click()
    expect(staff.dialog.locator(".whom-outcome")).to_have_text("Not known")
    staff.page.keyboard.press("Escape")
    expect(row.locator(".row-notes")).to_contain_text("Sent, but no answer came.")
    expect(row.get_by_role("button", name="Try again")).to_be_focused()
    staff.page.keyboard.press("Enter")
    expect(staff.submit).to_have_text("Try again")
    expect(staff.amount).to_have_value("65.00")
    assert sent[0] == sent[1]


def test_an_answer_that_decides_nothing_says_so(staff: InstructorPage) -> None:
    """Stripe may have heard it, so whoever reads that is told what trying again does."""
    message = "Stripe could not be reached just now. Please try again in a moment."
    error = {"code": "stripe_unavailable", "message": message}
    staff.page.route(
        "**/release-lesson", lambda route: route.fulfill(status=503, json={"error": error})
    )
    shown(staff, book(holds=[payment()]), "holds")
    staff.begin(staff.rows.first, "Release")
    staff.submit.click()
    expect(staff.dialog.locator(".whom-result")).to_have_text(
        f"Not known: {message} Nothing is done twice."
    )


# ── Several at once ──────────────────────────────────────────────────────────────────────────


COUNT_AT_ONCE = """
    const send = window.fetch;
    window.atOnce = 0;
    let open = 0;
    window.fetch = async (...request) => {
        if (request[0] !== '/schedule-lesson') return send(...request);
        open += 1;
        window.atOnce = Math.max(window.atOnce, open);
        try {
            return await send(...request);
        } finally {
            open -= 1;
        }
    };
"""


def several(staff: InstructorPage, *names: str) -> None:
    """The dialog of a hold for several students, its amount typed."""
    lessons = [lesson(name, "2026-11-24T20:00:00Z", needs_hold=True) for name in names]
    shown(staff, book(lessons=lessons), "needs-hold")
    staff.page.get_by_label("Select all").check()
    staff.together.get_by_role("button", name=f"Hold selected ({len(names)})").click()
    staff.amount.fill("65")


def test_three_are_sent_at_once(staff: InstructorPage) -> None:
    """The others wait until one of them has its answer."""
    staff.page.add_init_script(COUNT_AT_ONCE)
    held = {"payment": intent("pi_1")}
    sent = note_posts(staff.page, "/schedule-lesson", lambda route: route.fulfill(json=held))
    several(staff, "Ada", "Bea", "Cy", "Dora", "Eli")
    staff.submit.click()
    expect(staff.dialog.locator(".dialog-spoken")).to_have_text("5 done.")
    assert staff.page.evaluate("window.atOnce") == 3
    assert len({key for _, key in sent}) == 5


def test_what_is_not_decided_of_several_is_sent_again(staff: InstructorPage) -> None:
    """Only that, and under its own key."""
    first_of: set[str] = set()

    def lose_the_first_of_bea(route: Route) -> None:
        customer = (route.request.post_data_json or {})["customer_id"]
        if customer == "cus_bea" and customer not in first_of:
            first_of.add(customer)
            route.abort()
        else:
            route.fulfill(json={"payment": intent(f"pi_of_{customer}")})

    sent = note_posts(staff.page, "/schedule-lesson", lose_the_first_of_bea)
    several(staff, "Ada", "Bea")
    staff.submit.click()
    expect(staff.dialog.locator(".dialog-spoken")).to_have_text("1 done, 1 not known.")
    assert staff.outcomes()["Bea"].startswith("Not known: No answer came")
    staff.dialog.get_by_role("button", name="Try 1 again").click()
    expect(staff.dialog.locator(".dialog-spoken")).to_have_text("2 done.")
    expect(staff.submit).to_be_hidden()
    of_bea = [one for one in sent if one[0]["customer_id"] == "cus_bea"]
    assert (len(sent), of_bea[0]) == (3, of_bea[1])


def test_only_rows_of_a_kind_are_done_together(staff: InstructorPage) -> None:
    """Each button says how many of the selected rows it is for."""
    shown(staff, busy_book())
    for name in ("Ada Marsh", "Noor Haddad", "Jenny Rosen"):
        staff.row(name).get_by_role("checkbox").check()
    expect(staff.together.get_by_role("button")).to_have_text(
        ["Hold selected (1)", "Capture selected (2)", "Release selected (2)", "Clear"]
    )
    staff.together.get_by_role("button", name="Clear").click()
    expect(staff.together).to_be_hidden()
    expect(staff.row("Ada Marsh").get_by_role("checkbox")).not_to_be_checked()


# ── One student ──────────────────────────────────────────────────────────────────────────────


def test_the_panel_goes_back_to_the_row(staff: InstructorPage) -> None:
    """By its link or the browser's own button; the student's name has the focus."""
    who = student("Ada Marsh")
    told = timeline(who, payment("Ada Marsh"), events=[event("2026-11-20T15:00:00Z", "held", 6500)])
    staff.page.route("**/timeline/*", lambda route: route.fulfill(json=told))
    shown(staff, busy_book(), "holds")
    link = staff.row("Ada Marsh").get_by_role("link", name="Ada Marsh")
    for back in ("link", "browser"):
        link.click()
        expect(staff.student.locator(".event-line")).to_have_text("Held $65.00")
        expect(staff.student.locator(".event-at")).to_have_text("Nov 20, 2026, 10:00 AM EST")
        if back == "link":
            staff.page.get_by_role("link", name="Back to “Open holds”").click()
        else:
            staff.page.go_back()
        expect(staff.title).to_have_text("Open holds")
        expect(link).to_be_focused()


@pytest.mark.parametrize(
    ("month", "year", "words", "tone"),
    [
        (10, 2026, "expired 10/2026", "bad"),
        (11, 2026, "expires 11/2026, soon", "warn"),
        (1, 2027, "expires 01/2027", "plain"),
    ],
)
def test_a_card_that_ends_is_said(
    staff: InstructorPage, month: int, year: int, words: str, tone: str
) -> None:
    """Within sixty days, as in the report of expiring cards."""
    card = {"brand": "amex", "last4": "0005", "exp_month": month, "exp_year": year}
    told = timeline(student(card=card))
    staff.page.route("**/timeline/*", lambda route: route.fulfill(json=told))
    shown(staff, busy_book())
    staff.open_student("cus_jennyrosen")
    shown_card = staff.student.locator(".student-card")
    expect(shown_card).to_have_text(f"American Express ending in 0005, {words}")
    expect(shown_card).to_have_attribute("data-tone", tone)


def test_nobody_found_is_said(staff: InstructorPage) -> None:
    """Escape closes what was found and leaves the cursor in the field."""
    staff.page.route(
        "**/lesson-book/students?*", lambda route: route.fulfill(json={"students": []})
    )
    shown(staff, book())
    staff.search.fill("Zelda")
    expect(staff.page.locator("#found-news")).to_have_text("Nobody found for “Zelda”.")
    staff.page.keyboard.press("Escape")
    expect(staff.page.locator("#found-news")).to_be_empty()
    expect(staff.search).to_be_focused()


# ── A phone ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", EMPTY)
def test_a_phone_shows_it_all(staff: InstructorPage, view: str) -> None:
    """Nothing scrolls sideways, and whatever can be touched is large enough for a finger."""
    staff.page.set_viewport_size({"width": 390, "height": 844})
    shown(staff, busy_book(), view)
    assert staff.page.evaluate("document.documentElement.scrollWidth") == 390
    small = staff.page.evaluate(
        """() => [...document.querySelectorAll('main :is(a, button, label:has(input))')]
            .filter((control) => control.checkVisibility() && !control.closest('.header'))
            .map((control) => [control.innerText, control.getBoundingClientRect()])
            .filter(([, { width, height }]) => height < 43.5 || width < 43.5)
            .map(([text, { width, height }]) => `${text}: ${width} x ${height}`)"""
    )
    assert small == []


LONG_NAME = "Maximiliana-Konstantina Wolfeschlegelsteinhausenbergerdorff"


def widths(staff: InstructorPage, part: str, edge: str) -> float:
    """How far right an edge of a part of the page is."""
    box = staff.page.locator(part).first.bounding_box()
    assert box is not None
    return box["x"] + (box["width"] if edge == "right" else 0)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_long_name_keeps_to_its_place(staff: InstructorPage, width: int) -> None:
    """In its row it goes under no button, and in the dialog it is read line by line."""
    staff.page.set_viewport_size({"width": width, "height": 844})
    held = payment(LONG_NAME, card={"brand": "amex", "last4": "0005"})
    shown(staff, book(lessons=[lesson(LONG_NAME, "2026-11-23T20:00:00Z", held)]))
    words = staff.page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector('.row-name'));
            return range.getBoundingClientRect().right;
        }"""
    )
    assert words <= widths(staff, ".row-actions > button", "left")
    staff.begin(staff.rows.first, "Capture")
    name = staff.dialog.locator(".whom-name").bounding_box()
    assert name is not None
    assert name["width"] > 150
    assert name["height"] < 100


def test_the_buttons_of_a_row_that_is_not_decided_cover_no_words(staff: InstructorPage) -> None:
    """Three buttons are more than fit beside each other."""
    staff.page.set_viewport_size({"width": 1280, "height": 800})
    expiring = payment(capture_before="2026-11-23T16:04:00Z", instructor="Ruth Bell Castellanos")
    shown(staff, book(holds=[expiring]), "holds")
    staff.page.route("**/hold-lesson-again", lambda route: route.abort())
    staff.begin(staff.rows.first, "Hold again")
    staff.submit.click()
    expect(staff.dialog).to_contain_text("No answer came")
    staff.page.keyboard.press("Escape")
    buttons = staff.rows.first.locator(".row-actions > button")
    expect(buttons.first).to_have_accessible_name("Try again for Jenny Rosen")
    left = min(box["x"] for box in (button.bounding_box() for button in buttons.all()) if box)
    assert widths(staff, ".row-money", "right") <= left


def test_the_dialog_of_a_hold_fits_a_small_laptop(staff: InstructorPage) -> None:
    """What it comes to is seen without scrolling, above the button that sends it."""
    staff.page.set_viewport_size({"width": 1280, "height": 680})
    shown(staff, book(lessons=[lesson("Jenny Rosen", "2026-11-23T20:00:00Z", needs_hold=True)]))
    staff.begin(staff.rows.first, "Hold")
    figures = staff.dialog.locator(".dialog-figures").bounding_box()
    buttons = staff.dialog.locator(".dialog-buttons").bounding_box()
    assert figures is not None
    assert buttons is not None
    assert figures["y"] + figures["height"] <= buttons["y"]


def test_going_to_another_view_moves_nothing(staff: InstructorPage) -> None:
    """The tabs stay under the finger that pressed one of them."""
    staff.page.set_viewport_size({"width": 1280, "height": 500})
    shown(staff, busy_book(), "holds")
    for name in ("Lessons", "Need a hold", "Lessons"):
        staff.page.get_by_role("link", name=name).last.click()
        expect(staff.page.locator("#views [aria-current]")).to_contain_text(name)
        assert staff.page.evaluate("scrollY") == 0


def test_old_news_goes_when_something_else_begins(staff: InstructorPage) -> None:
    """So the same words, when they come again, are read out again."""
    shown(staff, book(holds=[payment()]), "holds")
    staff.page.route(
        "**/release-lesson",
        lambda route: route.fulfill(json={"payment": intent("pi_jennyrosen", "canceled")}),
    )
    staff.begin(staff.rows.first, "Release")
    staff.send("Jenny Rosen: Released $65.00.")
    staff.begin(staff.rows.first, "Release")
    expect(staff.news).to_be_empty()
