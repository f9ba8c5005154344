"""A stand-in for a vendor of language models: rules answer, in OpenAI's chat format and with OpenAI's refusals."""

from aof.simulator.model.asked import Asked
from aof.simulator.model.conversation import Conversation, Result
from aof.simulator.model.faults import Faults
from aof.simulator.model.holds import Held
from aof.simulator.model.ops_script import demo_script
from aof.simulator.model.script import Answer, Call, Rule, Said, Script, WrongScript
from aof.simulator.model.server import ModelServer

__all__ = [
    "Answer",
    "Asked",
    "Call",
    "Conversation",
    "Faults",
    "Held",
    "ModelServer",
    "Result",
    "Rule",
    "Said",
    "Script",
    "WrongScript",
    "demo_script",
]
