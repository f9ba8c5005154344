"""A stand-in for Meta's WhatsApp Cloud API that enforces what Meta enforces. It shares no code with what it tests."""

from aof.simulator.clock import Clock, RunningClock
from aof.simulator.events import Held
from aof.simulator.settings import GroupSettings, PhoneSettings, Settings, TemplateSettings
from aof.simulator.simulator import Simulator

__all__ = [
    "Clock",
    "GroupSettings",
    "Held",
    "PhoneSettings",
    "RunningClock",
    "Settings",
    "Simulator",
    "TemplateSettings",
]
