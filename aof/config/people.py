"""`spec.people`: who is known by name, with the ids that chats know them by."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError

from aof.config.model import StrictModel
from aof.config.phones import as_whatsapp_may_write, number_or_id
from aof.config.problem import Place
from aof.config.read import Reader
from aof.config.telegram_ids import user_id
from aof.texts.language import Language

PEOPLE: Place = ("spec", "people")


def _several(given: object) -> object:
    return given if isinstance(given, list | tuple) else (given,)


def _spelled(ids: tuple[str, ...]) -> tuple[str, ...]:
    numbers = as_whatsapp_may_write(one for one in ids if one.startswith("+"))
    return tuple(dict.fromkeys((*ids, *numbers)))


Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=512)]
Role = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,62}$")]


class Person(StrictModel):
    """One person whom the daemon knows by name."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Field(examples=["Amina"])
    ]
    """How people are told apart, so each name stands once."""
    roles: Annotated[tuple[Role, ...], Field(examples=[["on-call"]])] = ()
    """Names of the groups that this person belongs to."""
    whatsapp: Annotated[
        tuple[Annotated[Id, AfterValidator(number_or_id)], ...],
        BeforeValidator(_several),
        AfterValidator(_spelled),
        Field(examples=[["+49 151 12345678"]]),
    ] = ()
    """Phone numbers with country code, or user ids of WhatsApp (`US.1349…`): one, or a list."""
    telegram: Annotated[
        tuple[Annotated[str, AfterValidator(user_id)], ...],
        BeforeValidator(_several),
        Field(examples=[["55501"]]),
    ] = ()
    """Telegram's user ids, which never change: one, or a list. Whoever has ids of both platforms is one person on both:
    with their roles, what they chose, what they asked for, and one vote."""
    http: Annotated[tuple[Id, ...], BeforeValidator(_several), Field(examples=[["ada"]])] = ()
    """The `sender.id` by which programs name this person: one, or a list."""
    language: Annotated[Language | None, Field(examples=["en"])] = None
    """The language of this person; without it, the one that is written in."""

    @property
    def console(self) -> tuple[str, ...]:
        """What they go by at the terminal of `aof chat`."""
        return (self.name,)

    @property
    def accounts(self) -> tuple[tuple[str, str], ...]:
        """Everything they go by, each behind the name of its platform."""
        return tuple((name, one) for name in ("whatsapp", "telegram", "http") for one in getattr(self, name))

    @property
    def numbers(self) -> tuple[str, ...]:
        """In E.164, in every spelling that WhatsApp may use."""
        return tuple(one for one in self.whatsapp if one.startswith("+"))

    @property
    def user_ids(self) -> tuple[str, ...]:
        """WhatsApp's own ids."""
        return tuple(one for one in self.whatsapp if not one.startswith("+"))


def refuse_doubles(written: Any, reader: Reader) -> None:
    """Refuse a name or an id that two people have, each on the line of the second."""
    first: dict[tuple[str, str], int] = {}
    for position, given in enumerate(written if isinstance(written, list) else ()):
        place = (*PEOPLE, position)
        for key, one in _ids(given):
            line = reader.lines.get((*place, key)) or reader.lines.get(place, 0)
            before = first.setdefault((key, one.casefold() if key == "name" else one), position)
            if before != position:
                earlier = reader.lines.get((*PEOPLE, before), 0)
                what = "this name" if key == "name" else one
                problem = f"{what} is given already, to the person of line {earlier}"
                reader.refuse(line, (*place, key), problem, "Give it to one of them.")
                break


def _ids(given: object) -> Iterator[tuple[str, str]]:
    try:
        person = Person.model_validate(given)
    except ValidationError:  # the model of the whole file says why
        return
    yield "name", person.name
    yield from person.accounts
