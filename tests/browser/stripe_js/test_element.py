"""The Payment Element in its page: mounting, events, height and colours."""

import math

from playwright.sync_api import FrameLocator, expect

from tests.browser.stripe_js.shop import GOOD, Shop, fill_card, open_with_intent


def test_an_element_can_be_unmounted_mounted_again_and_destroyed(shop: Shop) -> None:
    frame = open_with_intent(shop)
    frame.get_by_label("Card number").fill(GOOD)
    shop.page.evaluate("shop.element.unmount()")
    expect(shop.page.locator("iframe")).to_have_count(0)
    shop.page.evaluate("shop.element.mount(document.getElementById('card'))")
    expect(frame.get_by_label("Card number")).to_have_value("")
    shop.page.evaluate("shop.element.destroy()")
    assert shop.page.evaluate("shop.elements.getElement('payment')") is None
    assert shop.page.evaluate("Boolean(shop.elements.create('payment'))") is True


def test_the_page_hears_of_changes_that_matter_to_it(shop: Shop) -> None:
    """A change is told when the form becomes complete, incomplete, empty or not empty."""
    frame = open_with_intent(shop)
    shop.wait_for("ready")
    assert shop.events("ready") == [{"elementType": "payment"}]
    fill_card(frame, GOOD)
    frame.get_by_label("CVC").fill("1")
    shop.page.evaluate("shop.element.clear()")
    expect(frame.get_by_label("Card number")).to_have_value("")
    expect(shop.page.get_by_role("listitem").filter(has_text="change")).to_have_count(4)
    change = {"elementType": "payment", "collapsed": False, "value": {"type": "card"}}
    assert shop.events("change") == [
        {**change, "complete": False, "empty": False},
        {**change, "complete": True, "empty": False},
        {**change, "complete": False, "empty": False},
        {**change, "complete": False, "empty": True},
    ]


def test_the_page_hears_of_focus_and_escape(shop: Shop) -> None:
    frame = open_with_intent(shop)
    shop.wait_for("ready")
    shop.page.evaluate("shop.element.focus()")
    expect(frame.get_by_label("Card number")).to_be_focused()
    frame.get_by_label("CVC").focus()
    frame.get_by_label("CVC").press("Escape")
    shop.page.get_by_label("A field before").focus()
    shop.wait_for("blur")
    names = [name for name, _ in shop.page.evaluate("shop.events")]
    assert names == ["ready", "focus", "escape", "blur"]


def test_the_frame_is_as_high_as_its_content(shop: Shop) -> None:
    frame = open_with_intent(shop)
    shop.wait_for("ready")
    expect_frame_height(shop, frame)
    shop.page.evaluate("shop.elements.submit()")
    expect(frame.get_by_role("alert")).to_have_count(4)
    expect_frame_height(shop, frame)


def expect_frame_height(shop: Shop, frame: FrameLocator) -> None:
    content = frame.locator("body").evaluate("(body) => body.getBoundingClientRect().height")
    assert content > 200
    iframe = shop.page.get_by_title("Secure payment input frame")
    expect(iframe).to_have_css("height", f"{math.ceil(content)}px")


def test_the_fields_wear_the_pages_colours(shop: Shop) -> None:
    variables = {"colorText": "rgb(1, 2, 3)", "borderRadius": "9px", "colorDanger": "rgb(9, 0, 0)"}
    secret = shop.create_intent()["client_secret"]
    appearance = {"theme": "flat", "variables": variables}
    frame = shop.open({"clientSecret": secret, "appearance": appearance})
    number = frame.get_by_label("Card number")
    expect(number).to_have_css("color", "rgb(1, 2, 3)")
    expect(number).to_have_css("border-radius", "9px")
    number.fill("42")
    number.blur()
    expect(frame.get_by_role("alert")).to_have_css("color", "rgb(9, 0, 0)")
    shop.page.evaluate(
        "shop.elements.update({ appearance: { rules: { '.Input': { opacity: 0.9 } } } })"
    )
    expect(number).to_have_css("opacity", "0.9")
    expect(number).to_have_css("border-radius", "5px")
