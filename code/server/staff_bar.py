"""The bar at the head of every staff page: where one can go, and who is signed in."""

from html import escape

from server.access.actor import Actor, Via
from server.access.rules import Access, may

PLACES = (
    ("/instructor", "Instructor", Access.INSTRUCTOR),
    ("/accountant", "Reports", Access.ACCOUNTANT),
    ("/owner", "Owner", Access.OWNER),
)

OPEN = """
      <p class="staff-open" role="note"><strong>Open to everybody on this machine.</strong>
        There is no staff account yet, so nobody has to sign in, and no other machine is let in.
        The first account closes it: <code>script/staff add</code>.</p>"""


def staff_bar(actor: Actor, path: str) -> str:
    """The bar as HTML.

    Args:
        path: the page that is shown.
    """
    places = "".join(
        f'<li><a href="{place}"{_current(place, path)}>{title}</a></li>'
        for place, title, access in PLACES
        if may(actor, access, None)
    )
    return f"""
      <div class="staff-bar">
        <nav aria-label="Staff"><ul>{places}</ul></nav>{_signed_in(actor)}
      </div>{OPEN if actor.via is Via.OPEN else ""}"""


def _current(place: str, path: str) -> str:
    if place == path:
        return ' aria-current="page"'
    return ' aria-current="true"' if path.startswith(f"{place}/") else ""


def _signed_in(actor: Actor) -> str:
    if actor.via is not Via.SESSION:
        return ""
    return f"""
        <form method="post" action="/sign-out">
          <span>Signed in as <b>{escape(actor.name)}</b></span>
          <button class="text-button" type="submit">Sign out</button>
        </form>"""
