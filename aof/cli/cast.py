"""Who plays in a demo: people, each with a phone on WhatsApp and an account on Telegram."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aof.simulator.telegram import GroupSettings, PersonSettings


@dataclass(frozen=True, slots=True)
class Player:
    """One person, whom the daemon knows by name."""

    name: str
    number: str
    """On WhatsApp, in E.164."""
    user_id: int
    """On Telegram."""
    username: str
    """On Telegram, without `@`."""
    roles: tuple[str, ...] = ()

    def entry(self, platforms: Collection[str]) -> str:
        """Their entry of `spec.people`."""
        ids = {"whatsapp": self.number, "telegram": str(self.user_id)}
        keys = [f"name: {self.name}", *(f'{key}: "{ids[key]}"' for key in ids if key in platforms)]
        if self.roles:
            keys.append(f"roles: [{', '.join(self.roles)}]")
        return f"    - {{{', '.join(keys)}}}\n"


ON_CALL = Player("On call", "+15550001001", 10001001, "on_call", ("on-call",))
LEAD = Player("Lead", "+15550002002", 10002002, "lead", ("lead",))
DEPUTY = Player("Deputy", "+15550003003", 10003003, "deputy", ("lead",))
TWO, THREE = (ON_CALL, LEAD), (ON_CALL, LEAD, DEPUTY)


def people(players: Sequence[Player], platforms: Collection[str]) -> str:
    """What stands of them under `spec`; the first two may sign in on the page for operators."""
    entries = "".join(player.entry(platforms) for player in players)
    roles = [
        f"{{name: {player.name}, role: {role}}}" for player, role in zip(players, ("admin", "operator"), strict=False)
    ]
    platform = "" if "whatsapp" in platforms else f"platform: {next(iter(platforms))}, "
    return f"  people:\n{entries}  operator: {{{platform}page: {{people: [{', '.join(roles)}]}}}}\n"


OPS_GROUP = -1001000000001


def ops_group(people: Sequence[PersonSettings]) -> GroupSettings:
    """A group with a topic, in which these and the bot are."""
    return GroupSettings(OPS_GROUP, "Ops", tuple(person.user_id for person in people), topics=("Incidents",))
