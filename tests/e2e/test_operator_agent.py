"""An agent with a model brings an opportunity through the gate, and one writes the drafts."""

import json

from pydantic_ai.models import override_allow_model_requests

from aof.simulator import PhoneSettings, Settings
from aof.simulator.model import Call, Conversation, ModelServer, Said
from tests.e2e.flow import CONTACT, ENGLISH, OMAR, SARA, added, flowing, standing
from tests.e2e.service import operator
from tests.e2e.world import world

PEOPLE = [
    {"name": "Sara", "whatsapp": SARA, "roles": ["sales"], "language": "en"},
    {"name": "Omar", "whatsapp": OMAR, "roles": ["lead"], "language": "en"},
]
GIVEN = {"id": "LEAD-7", "title": "Renew", "contact_name": "Layla", "contact_phone": CONTACT, "reason": "they asked"}


def brings(body):
    if results := Conversation(body).last_results:
        return Said(f"The tool says: {results[-1].content}")
    return Said(calls=[Call("opportunity", GIVEN)])


def documents(folder, url, **spec):
    (folder / "agents").mkdir()
    (folder / "agents/operator.yaml").write_text(json.dumps(operator(url, **spec)))


async def test_an_agent_brings_an_opportunity_once_somebody_has_approved_the_call(tmp_path):
    phones = Settings(phones=(PhoneSettings("Sara", SARA), PhoneSettings("Omar", OMAR)))
    with override_allow_model_requests(True):
        async with ModelServer(brings) as model:
            documents(tmp_path, model.url, tools=["opportunity"])
            async with world(
                tmp_path,
                settings=phones,
                whatsapp={"allowed_numbers": [SARA, OMAR], "safety": {"read_only": False}},
                environ={"MODEL_KEY": "test"},
                people=PEOPLE,
                operator={"operators": ["Omar"]},
                approval={"allowed_users": ["@lead"]},
                agents={"directory": "agents"},
                runtime={"default_agent": "operator"},
            ) as aof:
                sara, omar = aof.phone(SARA), aof.phone(OMAR)
                await omar.types("/status")
                await omar.next()
                await sara.types("Layla wants to renew")
                assert "needs an approval" in (await sara.next())["text"]
                asked = await omar.next()
                assert "opportunity LEAD-7 Renew" in asked["text"]
                assert aof.rows("SELECT count(*) FROM opportunity") == [(0,)]
                await omar.presses(asked, "Approve")
                texts = [(await omar.next()) for _ in range(2)]
                (card,) = [shown for shown in texts if shown["buttons"]]
                assert card["buttons"][0]["id"] == "opp:LEAD-7:accept"
                while "LEAD-7 is with the operators" not in (await sara.next())["text"]:
                    pass
                assert aof.rows("SELECT by, state FROM opportunity") == [("agent operator", "open")]


async def test_where_nobody_decides_the_tool_is_missing_and_says_why(tmp_path):
    with override_allow_model_requests(True):
        async with ModelServer(lambda _: Said("I can not")) as model:
            documents(tmp_path, model.url, tools=["opportunity"])
            async with world(
                tmp_path,
                environ={"MODEL_KEY": "test"},
                agents={"directory": "agents"},
                runtime={"default_agent": "operator"},
            ) as aof:
                await aof.on_call.types("Layla wants to renew")
                await aof.on_call.next()
                assert "write spec.operator.operators" in json.dumps(model.requests[0].body)


async def test_a_model_writes_the_draft_and_its_failure_is_told(tmp_path):
    with override_allow_model_requests(True):
        async with ModelServer(lambda _: Said("Dear Layla, shall we renew?")) as model:
            documents(tmp_path, model.url, tools=[])
            async with flowing(
                tmp_path,
                operators=("Omar",),
                operator={"draft_agent": "operator"},
                environ={"MODEL_KEY": "test"},
                agents={"directory": "agents"},
            ) as aof:
                omar = aof.phone(OMAR)
                await added(aof, ENGLISH)
                await omar.presses(await omar.next(), "Message")
                assert "Dear Layla, shall we renew?" in (await omar.next())["text"]
                await omar.next()
                model.faults.add("refused")
                await added(aof, {**ENGLISH, "id": "LEAD-44"})
                await omar.presses(await omar.next(), "Message")
                assert "The agent gave no text" in (await omar.next())["text"]
                assert (await standing(aof, "LEAD-44"))["state"] == "approval_required"
