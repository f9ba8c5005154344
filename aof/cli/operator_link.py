"""`aof operator link`: a link by which somebody signs in on the page, once."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from aof.cli.desk import NotDone, at_desk, refuse_nothing, tell
from aof.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from aof.domain.signing import LINK_LASTS, digest_of, new_secret

if TYPE_CHECKING:
    from aof.daemon.desk import Desk

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name of spec.operator.page.people.")]


def link(name: Name, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Print a link that signs somebody in on the page, once and within 10 minutes.

    Whoever has the link signs in as this person: hand it to nobody else. Of the link only a digest is kept.
    """
    refuse_nothing(name)

    async def work(desk: "Desk") -> None:
        operator = desk.assembly.config.spec.operator
        page = operator.page if operator else None
        if page is None:
            raise NotDone("the configuration has no page; write spec.operator.page with the people who may sign in")
        if page.person(name) is None:
            known = ", ".join(person.name for person in page.people)
            raise NotDone(f"spec.operator.page has nobody called {name}; it has {known}")
        secret, now = new_secret(), desk.now()
        await desk.store.keep_link(name, digest_of(secret), by=desk.by, now=now, expires_at=now + LINK_LASTS)
        where = f"{desk.page_url}/operator/enter?key={secret}"
        minutes = LINK_LASTS // timedelta(minutes=1)
        lines = [where, f"It signs {name} in once, within {minutes} minutes."]
        lines += ["No daemon runs on this store yet: start it first."] if desk.daemon.state == "down" else []
        tell(desk, {"name": name, "link": where, "expires_at": now + LINK_LASTS}, *lines, as_json=as_json)

    at_desk(config, work)
