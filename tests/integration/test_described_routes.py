"""A small sample of requests made up from the description of our routes; all are answered by it.

`python -m tests.faults.fuzz` sends ten thousand.
"""

from collections.abc import Iterator

import pytest

from tests.faults.fuzz import campaign
from tests.faults.fuzz.campaign import Extent
from tests.faults.fuzz.shop_state import prepare
from tests.faults.fuzz.shop_under_test import failed_jobs, mistakes, open_shop
from tests.stack import Stack

SAMPLE = Extent(examples=6, by_rule=False, seconds=180)
FEWEST = 200


@pytest.fixture(scope="module")
def shop_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """What the requests leave behind is nothing for other tests."""
    with open_shop(tmp_path_factory.mktemp("fuzzed")) as stack:
        yield stack


async def test_every_answer_is_as_described(shop_of_its_own: Stack):
    """Status, content type, headers and body, no 5xx, no failed job, no mistake logged."""
    state = await prepare(shop_of_its_own, each=1)
    found = campaign.run(shop_of_its_own, state, SAMPLE, seed=1)
    assert (found.failures, found.errors) == ({}, [])
    assert failed_jobs(shop_of_its_own) + mistakes(shop_of_its_own) == []
    assert found.total >= FEWEST
