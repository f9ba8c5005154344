"""Interactive messages with a single action: links, flows, locations, addresses, products, orders."""

from collections.abc import Callable

from aof.simulator.validate.report import Node, check_web_address

DISPLAY_TEXT_MOST = 20
FLOW_CTA_MOST = 30
"""20 in some libraries, 30 in others; one of Meta's own examples has 23."""
PRODUCTS_MOST = 30
PRODUCT_SECTIONS_MOST = 10


def _parameters(action: Node, name: str) -> Node | None:
    action.one_of("name", (name,))
    return action.node("parameters")


def check_cta_url(action: Node) -> None:
    parameters = _parameters(action, "cta_url")
    if parameters is None:
        return
    parameters.report.length("Display text", parameters.text("display_text"), DISPLAY_TEXT_MOST)
    check_web_address(parameters.report, parameters.at("url"), parameters.text("url"), ip_allowed=False)


def check_flow(action: Node) -> None:
    parameters = _parameters(action, "flow")
    if parameters is None:
        return
    parameters.text("flow_message_version")
    parameters.report.length("Flow CTA", parameters.text("flow_cta"), FLOW_CTA_MOST)
    named = [key for key in ("flow_id", "flow_name") if parameters.value.get(key) is not None]
    if len(named) != 1:
        parameters.report.missing(f"One of {parameters.at('flow_id')} and {parameters.at('flow_name')}")
    parameters.one_of("mode", ("draft", "published"), required=False)
    parameters.one_of("flow_action", ("navigate", "data_exchange"), required=False)
    parameters.node("flow_action_payload", required=False)


def check_location_request(action: Node) -> None:
    action.one_of("name", ("send_location",))


def check_address(action: Node) -> None:
    parameters = _parameters(action, "address_message")
    if parameters is not None:
        parameters.text("country")


def check_order(name: str) -> Callable[[Node], None]:
    """The check for `order_details` (`review_and_pay`) and `order_status` (`review_order`)."""

    def check(action: Node) -> None:
        parameters = _parameters(action, name)
        if parameters is not None:
            parameters.text("reference_id")
            parameters.node("order")

    return check


def check_catalog(action: Node) -> None:
    action.one_of("name", ("catalog_message",))
    parameters = action.node("parameters", required=False)
    if parameters is not None:
        parameters.text("thumbnail_product_retailer_id", required=False)


def check_product(action: Node) -> None:
    action.text("catalog_id")
    action.text("product_retailer_id")


def check_product_list(action: Node) -> None:
    action.text("catalog_id")
    sections = action.nodes("sections")
    if sections is None:
        return
    if not 1 <= len(sections) <= PRODUCT_SECTIONS_MOST:
        action.report.value("Invalid sections count. Min allowed sections: 1, Max allowed sections: 10")  # synthetic
    products: list[Node] = []
    for section in sections:
        section.report.length("Section title", section.text("title", required=len(sections) > 1), 24)
        products += section.nodes("product_items") or []
    if not 1 <= len(products) <= PRODUCTS_MOST:
        action.report.value(
            f"Invalid products count. Min allowed products: 1, Max allowed products: {PRODUCTS_MOST}"
        )  # synthetic
    for product in products:
        product.text("product_retailer_id")
