"""Whatever JSON comes, it is refused in order or can be answered."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from aof.simulator.model import demo_script
from aof.simulator.model.completion import Completion
from aof.simulator.model.errors import Refused
from aof.simulator.model.request import check_request
from aof.simulator.model.script import said_to
from tests.unit.simulator.model.asking import body, calling, result, user

WHOLE = body(
    {"role": "system", "content": [{"type": "text", "text": "be kind"}]},
    user("api is slow"),
    calling(("a", "shell", '{"command": "apictl status api"}'), ("b", "shell", "{}")),
    result("a", "latency 3 s"),
    result("b", "x"),
    tools=["shell"],
    tool_choice={"type": "function", "function": {"name": "shell"}},
    parallel_tool_calls=True,
    temperature=1,
    max_tokens=10,
    seed=1,
    stream=True,
    stream_options={"include_usage": True},
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value within."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from _places(item, (*path, key))


PLACES = list(_places(WHOLE))


@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), VALUES), max_size=2))
def test_a_request_is_refused_in_order_or_can_be_answered(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    asked = copy.deepcopy(WHOLE)
    for path, value in changes:
        at: Any = asked
        with suppress(LookupError, TypeError):  # an earlier change took the place away
            for key in path[:-1]:
                at = at[key]
            if isinstance(at, dict | list):
                at[path[-1]] = value
    answer = _refusal(asked)
    if answer is None:
        said = demo_script()(asked)
        completion = Completion(said, asked, number=1, created=0)
        answer = {"whole": completion.whole(), "chunks": list(completion.chunks())}
    assert json.dumps(answer)


def _refusal(asked: dict[str, Any]) -> dict[str, Any] | None:
    try:
        check_request(asked, "scripted")
    except Refused as refused:
        return refused.error.body()
    return None


def test_the_whole_request_is_taken() -> None:
    check_request(WHOLE, "scripted")
    assert said_to(WHOLE | {"tool_choice": "auto"}, demo_script()).text
