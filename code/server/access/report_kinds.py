"""Which reports are for whom. Pure."""

from jobs.catalogue import REPORT_KINDS
from server.access.actor import Actor


def may_see(actor: Actor, kind: str) -> bool:
    """Whether reports of a kind are the actor's to ask for, to look at and to download."""
    known = REPORT_KINDS.get(kind)
    return known is None or not known.owners_only or actor.is_owner
