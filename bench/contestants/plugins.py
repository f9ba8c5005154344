"""Plug-ins that the daemon under measurement finds by entry point, as it finds anybody's."""

import asyncio
from datetime import timedelta

from aof.agents.base import Turn
from aof.domain.response import Response
from aof.platforms.base import Rates
from aof.platforms.whatsapp import WhatsAppPlatform
from aof.tools.runner import Runner


class Echo:
    """Says at once what was said."""

    name = "echo"

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def answer(self, turn: Turn) -> Response:
        return Response(text=turn.text)


class Mute:
    """Never comes to an answer: with one task at a time everything stays in the inbox."""

    name = "mute"

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def answer(self, turn: Turn) -> Response:
        await asyncio.Event().wait()
        raise AssertionError


class Unpaced(WhatsAppPlatform):
    """WhatsApp without the rates that Meta sets for one number: the daemon's own would be all that is measured."""

    name = "unpaced"
    rates = Rates(per_second=1e9, pair_burst=10**9, pair_refill=timedelta(seconds=1))
