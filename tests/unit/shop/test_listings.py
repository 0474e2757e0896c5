"""Under which name the finished ranges of a list are kept."""

from dataclasses import replace

from msgspec import Struct

from shop.stripe_gateway import listings
from shop.stripe_gateway.listings import Listing


class Old(Struct):
    id: str
    created: int


class New(Struct):
    id: str
    created: int
    fee: int = 0


OLD: Listing[Old] = Listing(name="things", path="/v1/things", row=Old)


def test_the_same_list_is_found_again():
    """By another worker of the same version."""
    assert OLD.kept_as == replace(OLD).kept_as
    assert OLD.kept_as.startswith("things-")


def test_what_is_read_otherwise_is_kept_elsewhere():
    """Rows without a field would be taken for rows whose field is empty."""
    others = (
        Listing(name="things", path="/v1/things", row=New),
        replace(OLD, expand=("data.charge",)),
        replace(OLD, filters={"type": "refund"}),
    )
    assert len({OLD.kept_as, *(other.kept_as for other in others)}) == 4


def test_no_two_lists_share_a_place():
    """A report may read several of them."""
    found = [each for each in vars(listings).values() if isinstance(each, Listing)]
    places = {each.kept_as for each in (*found, *listings.MONEY_GIVEN_BACK)}
    assert len(places) == len(found) + len(listings.MONEY_GIVEN_BACK)
