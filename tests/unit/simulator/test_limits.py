"""Every length and count of Meta's limits, at its boundary."""

import pytest

from aof.simulator.validate import problems
from tests.unit.simulator.bodies import buttons, interactive, message, rows


def reply_button(**reply):
    return interactive("button", {"buttons": [{"type": "reply", "reply": {"id": "b", "title": "B"} | reply}]})


def row(**more):
    sections = [{"rows": [{"id": "r", "title": "R"} | more]}]
    return interactive("list", {"button": "Options", "sections": sections})


def sections(titles, **more):
    found = [{"title": title, "rows": [{"id": f"r{n}", "title": "R"}]} for n, title in enumerate(titles)]
    return interactive("list", {"button": "Options", "sections": found} | more)


def link(text="Go", url="https://example.org"):
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": text, "url": url}})


def flow(text):
    parameters = {"flow_message_version": "3", "flow_id": "1", "flow_cta": text}
    return interactive("flow", {"name": "flow", "parameters": parameters})


def carousel(cards=2, body="Card", label="Go"):
    card = {
        "header": {"type": "image", "image": {"link": "https://example.org/x.png"}},
        "body": {"text": body},
        "action": {"name": "cta_url", "parameters": {"display_text": label, "url": "https://example.org"}},
    }
    return interactive("carousel", {"cards": [card] * cards})


def card_reply(**reply):
    card = {
        "header": {"type": "image", "image": {"link": "https://example.org/x.png"}},
        "action": {"buttons": [{"type": "quick_reply", "quick_reply": {"id": "q", "title": "Q"} | reply}]},
    }
    return interactive("carousel", {"cards": [card, card]})


def products(*counts):
    found = [{"title": "S", "product_items": [{"product_retailer_id": "p"}] * count} for count in counts]
    header = {"type": "text", "text": "H"}
    return message(
        "interactive",
        {
            "type": "product_list",
            "header": header,
            "body": {"text": "B"},
            "action": {"catalog_id": "1", "sections": found},
        },
    )


def headed(text):
    return buttons("OK", header={"type": "text", "text": text})


CARD = {"name": {"formatted_name": "John Smith", "first_name": "John"}}

TEXT_LIMITS = [
    # name, the body with a text of the given length, shortest, longest
    ("text.body", lambda text: message("text", {"body": text}), 1, 4096),
    ("image caption", lambda text: message("image", {"id": "1", "caption": text}), 0, 1024),
    ("video caption", lambda text: message("video", {"id": "1", "caption": text}), 0, 1024),
    ("document caption", lambda text: message("document", {"id": "1", "caption": text}), 0, 1024),
    ("button body", lambda text: buttons("OK", body=text), 1, 1024),
    ("list body", lambda text: rows(1, body=text), 1, 4096),
    ("header text", headed, 1, 60),
    ("footer text", lambda text: buttons("OK", footer={"text": text}), 1, 60),
    ("button title", lambda text: reply_button(title=text), 1, 20),
    ("button id", lambda text: reply_button(id=text), 1, 256),
    ("list button", lambda text: sections("A", button=text), 1, 20),
    ("section title", lambda text: sections([text, "Other"]), 1, 24),
    ("row id", lambda text: row(id=text), 1, 200),
    ("row title", lambda text: row(title=text), 1, 24),
    ("row description", lambda text: row(description=text), 0, 72),
    ("link label", link, 1, 20),
    ("flow label", flow, 1, 30),
    ("card body", lambda text: carousel(body=text), 1, 160),
    ("card link label", lambda text: carousel(label=text), 1, 20),
    ("card button title", lambda text: card_reply(title=text), 1, 20),
    ("opaque data", lambda text: message("text", {"body": "x"}, biz_opaque_callback_data=text), 0, 512),
    ("template name", lambda text: message("template", {"name": text, "language": {"code": "en"}}), 1, 512),
]


@pytest.mark.parametrize(
    ("made", "least", "most"), [row[1:] for row in TEXT_LIMITS], ids=[row[0] for row in TEXT_LIMITS]
)
def test_a_text_is_taken_up_to_its_limit_and_not_beyond(made, least, most):
    assert problems(made("ç" * most)) == []
    assert len({problem.line() for problem in problems(made("ç" * (most + 1)))}) == 1
    assert (problems(made("")) == []) == (least == 0)
    assert problems(made("x")) == []


@pytest.mark.parametrize(
    ("made", "most"), [(row[1], row[3]) for row in TEXT_LIMITS], ids=[row[0] for row in TEXT_LIMITS]
)
def test_an_emoji_counts_once_by_code_points_and_twice_by_utf_16(made, most):
    half = most // 2
    assert problems(made("🌵" * most), "code_points") == []
    assert problems(made("🌵" * half), "utf16") == []
    assert len({problem.line() for problem in problems(made("🌵" * (half + 1)), "utf16")}) == 1


@pytest.mark.parametrize(
    ("made", "taken", "refused"),
    [
        pytest.param(lambda n: buttons(*map(str, range(n))), (1, 3), (0, 4), id="buttons"),
        pytest.param(lambda n: sections(f"S{i}" for i in range(n)), (1, 10), (0, 11), id="sections"),
        pytest.param(rows, (1, 10), (0, 11), id="rows in one section"),
        pytest.param(lambda n: rows(n, 5), (1, 5), (6,), id="rows over two sections"),
        pytest.param(carousel, (2, 10), (1, 11), id="cards"),
        pytest.param(lambda n: message("contacts", [CARD] * n), (1, 257), (0, 258), id="contacts"),
        pytest.param(products, (1, 30), (0, 31), id="products"),
        pytest.param(lambda n: products(*[1] * n), (1, 10), (11,), id="product sections"),
        pytest.param(lambda n: carousel(body="\n" * n + "x"), (0, 2), (3,), id="line breaks of a card"),
    ],
)
def test_a_count_is_taken_within_its_limits_and_not_beyond(made, taken, refused):
    for count in taken:
        assert problems(made(count)) == [], count
    for count in refused:
        assert problems(made(count)) != [], count


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(buttons("Same", "Same"), id="equal titles"),
        pytest.param(
            interactive("button", {"buttons": [{"type": "reply", "reply": {"id": "a", "title": t}} for t in "xy"]}),
            id="equal ids",
        ),
        pytest.param(reply_button(id=" a"), id="id begins with a space"),
        pytest.param(reply_button(id="a "), id="id ends with a space"),
        pytest.param(reply_button(description="no such thing"), id="a button with a description"),
        pytest.param(
            interactive("list", {"button": "B", "sections": [{"rows": [{"id": "a", "title": t} for t in "xy"]}]}),
            id="equal row ids",
        ),
        pytest.param(sections(["A", None]), id="two sections, one without a title"),
        pytest.param(rows(1, header={"type": "image", "image": {"id": "1"}}), id="list with an image header"),
        pytest.param(link(url="ftp://example.org"), id="link that is not http"),
        pytest.param(link(url="https://192.0.2.1/x"), id="link to an IP address"),
        pytest.param(link(url="https://[2001:db8::1]/"), id="link to an IPv6 address"),
        pytest.param(message("image", {"id": "1", "link": "https://example.org"}), id="id and link"),
        pytest.param(message("image", {}), id="neither id nor link"),
        pytest.param(message("audio", {"id": "1", "caption": "x"}), id="audio with a caption"),
        pytest.param(message("sticker", {"id": "1", "caption": "x"}), id="sticker with a caption"),
        pytest.param(message("text", {"body": "x", "preview_url": "yes"}), id="preview_url is a text"),
        pytest.param(message("text", {"body": 5}), id="body is a number"),
        pytest.param(message("nothing", {}), id="unknown type"),
        pytest.param(interactive("nothing", {}), id="unknown interactive type"),
        pytest.param(message("reaction", {"message_id": "m", "emoji": "x"}), id="reaction with a letter"),
        pytest.param(message("reaction", {"message_id": "m", "emoji": "👍👍"}), id="reaction with two emoji"),
        pytest.param(
            message("reaction", {"message_id": "m", "emoji": "👍"}, context={"message_id": "m"}),
            id="reaction that quotes",
        ),
        pytest.param(message("contacts", [{"name": {"formatted_name": "John"}}]), id="contact with one name only"),
        pytest.param(message("contacts", [CARD | {"birthday": "22.11.2026"}]), id="birthday in another form"),
        pytest.param(message("location", {"latitude": 91, "longitude": 0}), id="beyond the pole"),
        pytest.param(message("location", {"latitude": 1}), id="no longitude"),
        pytest.param(message("text", {"body": "x"}, to="call me"), id="to is no number"),
        pytest.param(message("text", {"body": "x"}, to=""), id="to is empty"),
        pytest.param(message("text", {"body": "x"}, to=None), id="no recipient at all"),
        pytest.param(message("text", {"body": "x"}, to=None, recipient="13491208"), id="recipient is no user id"),
        pytest.param(message("text", {"body": "x"}, messaging_product="sms"), id="another product"),
        pytest.param(message("text", {"body": "x"}, recipient_type="crowd"), id="another kind of recipient"),
        pytest.param({"messaging_product": "whatsapp", "status": "gone", "message_id": "m"}, id="another status"),
        pytest.param({"messaging_product": "whatsapp", "status": "read"}, id="read without an id"),
    ],
)
def test_what_meta_does_not_take_has_exactly_one_problem(body):
    assert len(problems(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        message("text", {"body": "x"}, to=None, recipient="US.13491208655302741918"),
        message("text", {"body": "x"}, to=None, recipient="US.ENT.1181579921"),
        message("text", {"body": "x"}, recipient="ignored, as to wins"),
        message("reaction", {"message_id": "m", "emoji": ""}),
        *(
            message("reaction", {"message_id": "m", "emoji": emoji})
            for emoji in ("😀", "❤️", "👍🏽", "👩‍💻", "🇪🇬", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿")
        ),
        message("location", {"latitude": "-90", "longitude": 180, "name": "Edge", "address": "Nowhere"}),
        message("audio", {"id": "1", "voice": True}),
        message("document", {"link": "https://example.org/r.pdf", "filename": "r.pdf"}),
    ],
)
def test_what_meta_takes_has_no_problem(body):
    assert problems(body) == []
