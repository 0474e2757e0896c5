"""One action on several students, and what became of each."""

from playwright.sync_api import Route, expect

from tests.browser.instructor import (
    InstructorPage,
    intent,
    note_posts,
    shown,
)
from tests.browser.lesson_book_documents import (
    book,
    busy_book,
    lesson,
    student,
    timeline,
)

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
        ["Clear", "Hold selected (1)", "Capture selected (2)", "Release selected (2)"]
    )
    staff.together.get_by_role("button", name="Clear").click()
    expect(staff.together).to_be_hidden()
    expect(staff.row("Ada Marsh").get_by_role("checkbox")).not_to_be_checked()


def test_who_is_under_way_already_is_left_out_and_free_again_afterwards(
    staff: InstructorPage,
) -> None:
    """A hold of theirs waits for its answer; once that is there, their row can be used again."""
    waiting: list[Route] = []
    note_posts(staff.page, "/schedule-lesson", waiting.append)
    captured = {"payment": intent("pi_noorhaddad", "succeeded", amount_received=6500)}
    note_posts(staff.page, "/complete-lesson-payment", lambda route: route.fulfill(json=captured))
    told = timeline(student("Ada Marsh"))
    staff.page.route("**/timeline/*", lambda route: route.fulfill(json=told))
    shown(staff, busy_book())
    staff.row("Ada Marsh").get_by_role("link", name="Ada Marsh").click()
    staff.student.get_by_role("button", name="Place a hold").click()
    staff.amount.fill("20")
    with staff.page.expect_request("**/schedule-lesson"):
        staff.submit.click()
    staff.page.keyboard.press("Escape")
    staff.page.get_by_role("link", name="Back to").click()
    for name in ("Ada Marsh", "Noor Haddad"):
        staff.row(name).get_by_role("checkbox").check()
    staff.together.get_by_role("button", name="Capture selected (2)").click()
    staff.submit.click()
    expect(staff.dialog.locator(".dialog-spoken")).to_have_text("1 done, 1 refused.")
    assert staff.outcomes()["Ada Marsh"] == ("Refused: Something is being done with it just now.")
    staff.dialog.get_by_role("button", name="Close").click()
    expect(staff.row("Ada Marsh").get_by_role("button", name="Capture")).to_be_disabled()
    waiting[0].fulfill(status=402, json={"error": {"code": "card_declined", "message": "No."}})
    expect(staff.row("Ada Marsh").get_by_role("button", name="Capture")).to_be_enabled()
