"""Pages of somebody who has tried too often."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, Page, expect

from shop.staff import staff_file
from shop.staff.accounts import Account, Role, Staff
from tests.browser.pages import LessonsPage
from tests.browser.students import new_email
from tests.stack import open_stack

SENTENCE = "That was tried too often. Please come back in 60 minutes."


@pytest.fixture
def far_visitor(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """Somebody who is no staff of a shop with accounts, where one may sign up once an hour."""
    with open_stack(tmp_path, students=0, payments=0) as stack:
        olga = Account(
            name="olga", roles=frozenset({Role.OWNER}), password=None, sessions_from=time.time()
        )
        staff = Staff(key=Fernet.generate_key().decode(), accounts={"olga": olga})
        staff_file.write(stack.settings.staff_file, staff)
        with stack.second_web(LIMIT_SIGN_UPS="1 per hour") as web:
            context = chromium.new_context(base_url=web.url)
            yield context.new_page()
            context.close()


def test_the_form_says_when_to_come_back_and_keeps_what_was_typed(far_visitor: Page) -> None:
    """The first sign-up reaches its card, the next one is refused in words."""
    lessons = LessonsPage(far_visitor)
    lessons.reach_card(new_email())
    email = new_email()
    lessons.open()
    lessons.book("second")
    lessons.give("Jenny Rosen", email)
    expect(lessons.card.error).to_have_text(SENTENCE)
    expect(lessons.name).to_have_value("Jenny Rosen")
    expect(lessons.email).to_have_value(email)
    expect(lessons.checkout).to_be_enabled()
