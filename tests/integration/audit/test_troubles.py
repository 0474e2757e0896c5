"""What web processes tell each other while the trail is not whole."""

from shop.audit.journal import Trouble
from shop.audit.troubles import BELIEVED, Troubles
from shop.storage import open_storage
from tests.stack import Stack

AWAY = Trouble(since=1_795_420_800.0, unshipped=True)


async def test_what_a_process_said_that_died_leaves_redis(stack: Stack):
    """It is believed for half a minute and kept no longer."""
    async with open_storage(stack.settings) as storage:
        troubles = Troubles(storage)
        await troubles.say("died", AWAY)
        assert await troubles.said() == {"died": AWAY}
        seconds_left = await storage.redis.ttl(storage.key("audit-troubles"))
        assert 0 < seconds_left <= BELIEVED
        await troubles.say("died", None)
        assert await troubles.said() == {}
