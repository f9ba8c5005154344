"""Interactive messages: what all kinds share, and which check a kind asks for."""

from collections.abc import Callable
from dataclasses import dataclass

from aof.simulator.validate.actions import (
    check_address,
    check_catalog,
    check_cta_url,
    check_flow,
    check_location_request,
    check_order,
    check_product,
    check_product_list,
)
from aof.simulator.validate.buttons import check_buttons
from aof.simulator.validate.carousel import check_carousel
from aof.simulator.validate.lists import check_list
from aof.simulator.validate.media import check_media
from aof.simulator.validate.report import Node

BODY_MOST = 1024
LIST_BODY_MOST = 4096
"""Meta's page on lists; its OpenAPI file says 1024. The wider one is enforced, as nobody has measured the narrower."""
HEADER_MOST = 60
FOOTER_MOST = 60

NO_HEADER: tuple[str, ...] = ()
TEXT_HEADER = ("text",)
ANY_HEADER = ("text", "image", "video", "document")


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of interactive message must have."""

    check: Callable[[Node], None]
    headers: tuple[str, ...] | None = ANY_HEADER
    """Types a header may have; `None`: any, for kinds whose headers are not documented."""
    header_needed: bool = False
    body_needed: bool = True
    body_most: int = BODY_MOST


def _check_nothing(action: Node) -> None:
    """For actions whose parameters are not documented."""


KINDS: dict[str, Kind] = {
    "address_message": Kind(check_address, headers=None),
    "button": Kind(check_buttons),
    "call_permission_request": Kind(_check_nothing, headers=NO_HEADER),
    "carousel": Kind(check_carousel, headers=NO_HEADER),
    "catalog_message": Kind(check_catalog, headers=None),
    "cta_url": Kind(check_cta_url),
    "flow": Kind(check_flow),
    "list": Kind(check_list, headers=TEXT_HEADER, body_most=LIST_BODY_MOST),
    "location_request_message": Kind(check_location_request, headers=NO_HEADER),
    "order_details": Kind(check_order("review_and_pay"), headers=None),
    "order_status": Kind(check_order("review_order"), headers=None),
    "product": Kind(check_product, headers=NO_HEADER, body_needed=False),
    # Meta's own example has a placeholder where the header's type stands.
    "product_list": Kind(check_product_list, headers=None, header_needed=True),
    "request_contact_info": Kind(_check_nothing, headers=NO_HEADER),
    "voice_call": Kind(_check_nothing, headers=NO_HEADER),
}


def check_interactive(message: Node) -> None:
    name = message.one_of("type", tuple(KINDS))
    if name is None:
        return
    kind = KINDS[name]
    _check_header(message, kind)
    body = message.node("body", required=kind.body_needed)
    if body is not None:
        body.only("text")
        message.report.length("Body text", body.text("text"), kind.body_most)  # captured
    footer = message.node("footer", required=False)
    if footer is not None:
        message.report.length("Footer text", footer.text("text"), FOOTER_MOST)
    action = message.node("action")
    if action is not None:
        kind.check(action)


def _check_header(message: Node, kind: Kind) -> None:
    if kind.headers == NO_HEADER:
        if message.value.get("header") is not None:
            message.report.value("Header is not supported for this interactive type.")  # synthetic
        return
    header = message.node("header", required=kind.header_needed)
    if header is None:
        return
    name = header.one_of("type", kind.headers) if kind.headers else header.text("type")
    if name == "text" or (kind.header_needed and "text" in header.value):
        message.report.length("Header text", header.text("text"), HEADER_MOST)
    elif name in {"image", "video", "document"}:
        media = header.node(name)
        if media is not None:
            check_media(media, more=("filename",) if name == "document" else ())
