"""Every code of the reference has its class, its backoff and a sentence."""

from datetime import timedelta

import pytest

from aof.domain.delivery import next_attempt
from aof.domain.errors import SendDeferred
from aof.platforms.whatsapp.answers import classify
from aof.platforms.whatsapp.errors import _REMEDIES, CODES, Outcome, remedy_of

REFUSED, WINDOW, DEFERRED = Outcome.REFUSED, Outcome.WINDOW, Outcome.DEFERRED
STOPPED, UNCERTAIN = Outcome.STOPPED, Outcome.UNCERTAIN

EXPECTED: dict[Outcome, list[int]] = {
    STOPPED: [
        *(0, 3, 10, 190, 368, 131005, 131031),  # who we are, and whether we may
        *range(200, 300),
        *(131037, 131042, 131045, 131048, 33),  # the number as a whole
        *(133000, 133005, 133006, 133008, 133009, 133010, 133016, 136024),  # its registration
    ],
    DEFERRED: [4, 80007, 613, 130429, 131056, 131016, 131057, 133004, 133015, 134101, 2494100],
    UNCERTAIN: [1, 2, 131000],
    WINDOW: [131047],
    Outcome.OPTED_OUT: [131050],
    REFUSED: [
        *(100, 130403, 130472, 130497, 131008, 131009, 131020, 131021, 131026, 131030, 131041, 131044, 131049),
        *(131051, 131052, 131053, 131055, 131062, 131063, 131064, 134011, 134100, 134102, 135000, 137000),
        *(132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069),
        *(131059, 131201, 131202, 131204, *range(131207, 131216)),  # groups
        *range(138000, 138019),  # calling
        *range(139000, 139005),  # flows
        *range(139100, 139104),  # blocking
        *range(147001, 147006),  # usernames
        *range(2388001, 2388300),  # templates and migration, 2388019 among them
        *(2593079, 2593085, 2593107, 2593108, 2593109, 200005, 200006, 200007, 1752041),
    ],
}

TABLE = [(code, outcome) for outcome, codes in EXPECTED.items() for code in codes]


def test_the_table_holds_the_codes_of_the_reference_and_no_others() -> None:
    assert sorted(code for code, _ in TABLE) == sorted(CODES)


def test_a_code_has_the_class_that_the_reference_gives_it() -> None:
    assert {code: verdict.outcome for code, verdict in CODES.items()} == dict(TABLE)


def test_every_code_means_something_to_an_operator() -> None:
    short = [code for code, each in CODES.items() if len(each.meaning) < 15 or not each.meaning.endswith(".")]
    assert short == []


@pytest.mark.parametrize(
    ("code", "scope", "waits_seconds"),
    [
        (131056, "recipient", [1, 4, 16, 64, 256]),  # 4^X, Meta's own rule
        (130429, "number", [1, 2, 4, 8, 16, 32, 60, 60]),
        (4, "number", [60, 120, 240, 480, 960, 1920, 3600, 3600]),
        (80007, "number", [60, 120]),
        (131016, "number", [5, 10, 20]),
        (133004, "number", [5, 10, 20]),
        (131057, "number", [60, 120, 240, 300, 300]),
        (2494100, "number", [60, 120]),
        (133015, "number", [300, 300]),
        (134101, "recipient", [600, 600]),
    ],
)
def test_a_deferral_waits_as_long_as_meta_asks(code: int, scope: str, waits_seconds: list[int]) -> None:
    error = classify(400, b'{"error":{"code":%d}}' % code)
    assert isinstance(error, SendDeferred)
    assert error.scope == scope
    waits = [next_attempt(attempt, error) for attempt in range(len(waits_seconds))]
    assert waits == [timedelta(seconds=seconds) for seconds in waits_seconds]


def test_every_deferral_has_a_backoff_and_nothing_else_has() -> None:
    assert {code for code, verdict in CODES.items() if verdict.backoff} == set(EXPECTED[DEFERRED])


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (0, "unknown"),  # it ended without a code of Meta's
        (190, "account"),
        (131047, "window"),
        (131026, "unreachable"),
        (131049, "marketing"),
        (131050, "marketing"),
        (130429, "again"),
        (131056, "again"),
        (132000, "template"),
        (132015, "template"),
        (132018, "template"),
        (132068, "unknown"),  # a flow, behind the templates' codes
        (131030, "test_number"),
        (131009, "unknown"),
        (424242, "unknown"),
    ],
)
def test_an_operator_is_told_what_helps(code: int, remedy: str) -> None:
    assert remedy_of(code) == remedy


def test_no_remedy_is_kept_for_a_code_that_is_not_in_the_table() -> None:
    assert set(_REMEDIES) <= set(CODES)
