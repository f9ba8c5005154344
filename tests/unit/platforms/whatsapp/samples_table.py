"""What each webhook that Meta has published must become, told from the files and Meta's pages by eye.

Read with a phone_number_id of ours that equals the sample's own. One entry a file, one row an event.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["message", "press", "reaction", "identity", "receipt", "notice", "preference", "unreadable"]

State = Literal["new", "kept", "moved", "applied", "repeat", "quarantined"]
"""What the store makes of it. new: to be answered. repeat: dropped, an earlier row has the same event id."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One event. What a row leaves out must be empty on the event too."""

    kind: Kind
    state: State
    number: str | None = None
    """The sender's, E.164; of an identity event the old one."""
    user_id: str | None = None
    """The sender's; of an identity event the old one."""
    chat_id: str | None = None
    """None: the sender's user id, else their number."""
    group: bool = False
    at: int | None = None
    """By the platform's clock, unix seconds."""
    text: str = ""
    """What was typed; of a press how an agent reads it."""
    title: str = ""
    shown: str | None = None
    """The message that a press or a reply refers to."""
    media: str | None = None
    """The kind of what came along."""
    media_id: str | None = None
    summary: tuple[str, ...] = ()
    """Words that the summary of the media must hold."""
    emoji: str = ""
    message_id: str | None = None
    """The message that a reaction or a receipt is about."""
    new_number: str | None = None
    new_user_id: str | None = None
    status: str | None = None
    recipient: str = ""
    """Of a receipt: whom the platform names, in its own digits (a key that tells receipts apart, never an address).
    In a group the participant, each of whom reports."""
    code: int = 0
    reason: tuple[str, ...] = ()
    """What the reason of a failure must hold: the platform's title and its details."""
    about: str = ""


def _press(text: str, title: str, at: int, shown: str, *, number: str = "+16505551234") -> tuple[Expected, ...]:
    return (Expected("press", "new", number, at=at, text=text, title=title, shown=shown),)


def _file(media: str, media_id: str, at: int, caption: str = "") -> tuple[Expected, ...]:
    return (Expected("message", "new", "+16505551234", at=at, text=caption, media=media, media_id=media_id),)


def _notice(about: str) -> tuple[Expected, ...]:
    return (Expected("notice", "kept", about=about),)


PHILZ = ("Philz Coffee",)
CART = ("di9ozbzfi4", "nqryix03ez")
CANCEL_SHOWN = "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MEM2RUJFNkI0RENGQTVDRjUA"
PRODUCT_PAGE = "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGA9wcm9kdWN0X2lucXVpcnkA"
PUBLISHED = "wamid.HBgLMTQxMjU1NTA4MjkVAgASGBQzQUNCNjk5RDUwNUZGMUZEM0VBRAA="
SENT = "wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA="
PLACEHOLDER = "WHATSAPP_MESSAGE_ID"
PABLO = "US.13491208655302741918"

MESSAGES: Mapping[str, tuple[Expected, ...]] = {
    # The type is audio, the sample's own flag says that it was spoken.
    "msg_audio.json": _file("voice", "1908647269898587", 1744344496),
    # The sender's number equals our display number: a careless sample, no echo. Echoes have fields of their own.
    # It is shorter than any number of +1, but the platform wrote digits, and by them an answer would reach the sender.
    "msg_button.json": _press(
        "button:DID_NOT_REQUEST_CODE",
        "I didn't request a code",
        1753919111,
        "wamid.HBgLMTIxMTU1NTE0NTYVAgARGBJDMDEyMTFDNTE5NkFCOUU3QTEA",
        number="+12345678",
    ),
    "msg_button__2.json": _press("button:Unsubscribe", "Unsubscribe", 1750091045, PUBLISHED),
    "msg_button__3.json": _press(
        "button:Unsubscribe", "Unsubscribe", 1750091045, "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBJFNjk2OTMwNEZCQjhGMzUyQUYA"
    ),
    "msg_contacts.json": (
        Expected("message", "new", "+16505551234", at=1744344496, media="contacts", summary=("Barbara J. Johnson",)),
    ),
    "msg_contacts__2.json": (
        Expected("message", "new", "+16505551234", at=1744344496, media="contacts", summary=("Lucía Gómez",)),
    ),
    "msg_document.json": _file("document", "622684793477189", 1744344496, "my receipt"),
    # The edited image stands inside: nothing of it is a message of its own.
    "msg_edit.json": _notice("edit"),
    "msg_group_text.json": (
        Expected(
            "message",
            "new",
            "+16505551234",
            chat_id="HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA",
            group=True,
            at=1744344496,
            text="What does everyone think about this?",
        ),
    ),
    "msg_group_text_bsuid_parent.json": (
        Expected(
            "message",
            "new",
            "+16505551234",
            PABLO,
            chat_id="Y2FwaV9ncm91cDoxOTUwNTU1MDA3OToxMjAzNjMzOTQzMjAdOTY0MTUZD",
            group=True,
            at=1750030073,
            text="Does it come in another color?",
        ),
    ),
    "msg_image.json": _file("image", "1003383421387256", 1744344496, "Taj Mahal"),
    "msg_image__2.json": _file("image", "1003383421387256", 1744344496, "Taj Mahal"),
    "msg_interactive_button_reply.json": _press(
        "button:change-button", "Change", 1714510003, "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBJBM0Y4RUU0RUNFQkFDMjYzQUMA"
    ),
    "msg_interactive_button_reply__2.json": _press("button:cancel-button", "Cancel", 1750025136, CANCEL_SHOWN),
    "msg_interactive_button_reply__3.json": _press("button:cancel-button", "Cancel", 1750025136, CANCEL_SHOWN),
    "msg_interactive_list_reply.json": _press(
        "list:priority_express",
        "Priority Mail Express",
        1712595443,
        "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBIwMjg0RkMxOEMyMkNEQUFFRDgA",
    ),
    "msg_interactive_list_reply__2.json": _press(
        "list:priority_express", "Priority Mail Express", 1749854575, PUBLISHED
    ),
    "msg_interactive_list_reply__3.json": _press(
        "list:priority_express",
        "Priority Mail Express",
        1749854575,
        "wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBJGMzEyNzhENTZDMzNGODlDRDgA",
    ),
    "msg_location.json": (Expected("message", "new", "+16505551234", at=1744344496, media="location", summary=PHILZ),),
    "msg_location__2.json": (
        Expected("message", "new", "+16505551234", at=1744344496, media="location", summary=PHILZ),
    ),
    "msg_location_context.json": (
        Expected(
            "message",
            "new",
            "+16505551234",
            at=1702920965,
            shown="wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1QjJGRjI1RDY0RkE4Nzg4QzcA",
            media="location",
            summary=("Solomon R. Guggenheim Museum",),
        ),
    ),
    "msg_order.json": (
        Expected("message", "new", "+16505551234", at=1683223069, media="order", summary=("n6k6x0y7oe",)),
    ),
    # An order may carry words that the person typed with it.
    "msg_order__2.json": (
        Expected("message", "new", "+16505551234", at=1750096325, text="Love these!", media="order", summary=CART),
    ),
    "msg_order__3.json": (Expected("message", "new", "+16505551234", at=1750096325, media="order", summary=CART),),
    "msg_reaction.json": (
        Expected("reaction", "kept", "+16505551234", at=1749419544, emoji="👍", message_id=PUBLISHED),
    ),
    # No emoji at all: the person took the reaction away.
    "msg_reaction__2.json": (Expected("reaction", "kept", "+16505551234", at=1749419544, message_id=PUBLISHED),),
    "msg_reaction__3.json": (
        Expected(
            "reaction",
            "kept",
            "+16505551234",
            at=1749419544,
            emoji="👍",
            message_id="wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI0RTJEOTc2ODVERUY5RDlGNkYA",
        ),
    ),
    "msg_revoke.json": _notice("revoke"),
    "msg_sticker.json": _file("sticker", "1908647269898587", 1744344496),
    # The new number stands in system.wa_id; `from` is the old one. Neither file has contacts.
    "msg_system_user_changed_number.json": (
        Expected("identity", "moved", "+16505551234", at=1750269342, new_number="+12195555358"),
    ),
    # Number and user id change together; the old user id (previous_user_id) is not told.
    "msg_system_user_changed_user_id.json": (
        Expected(
            "identity",
            "moved",
            "+16505551234",
            at=1750030073,
            new_number="+16505559876",
            new_user_id="US.20837465019283746501",
        ),
    ),
    # No contacts beside a message of a person; the time is of 2009.
    "msg_text.json": (Expected("message", "new", "+5511999999999", at=1234567890, text="Mensagem recebida"),),
    # The contact's wa_id (13557825698) is another number: the message's own `from` says who sent it.
    "msg_text__2.json": (Expected("message", "new", "+17863559966", at=1758254144, text="Hi!"),),
    "msg_text__3.json": (Expected("message", "new", "+16315555555", at=1602139392, text="Hello!"),),
    "msg_text__4.json": (
        Expected("message", "new", "+16505551234", at=1749416383, text="Does it come in another color?"),
    ),
    "msg_text__5.json": (
        Expected("message", "new", "+16505551234", at=1749416383, text="Does it come in another color?"),
    ),
    # Neither `from` nor wa_id. The contact writes the id as "uUS.…", a slip of Meta's page: the message's own counts.
    "msg_text_bsuid_only.json": (
        Expected("message", "new", None, PABLO, at=1749416383, text="Does it come in another color?"),
    ),
    # The "message" that is answered to is a page of the catalogue: `reply_to` names one that we never sent.
    "msg_text_context_product.json": (
        Expected("message", "new", "+16505551234", at=1750016800, text="Is this still available?", shown=PRODUCT_PAGE),
    ),
    "msg_text_context_product__2.json": (
        Expected("message", "new", "+16505551234", at=1750016800, text="Is this still available?", shown=PRODUCT_PAGE),
    ),
    # Names of places instead of values, the time included. The event exists, its sender has no identity: nobody is
    # authorised by it, and no answer can reach that chat.
    "msg_text_referral.json": (Expected("message", "new", None, chat_id="SENDER_PHONE_NUMBERID", text="BODY"),),
    "msg_text_referral__2.json": (
        Expected("message", "new", "+16505551234", at=1750275992, text="Can I get more info about this?"),
    ),
    "msg_text_referral__3.json": (
        Expected("message", "new", "+16505551234", at=1750275992, text="Hello! Can I get more info on this?"),
    ),
    # unsupported.type is "edit" here: the new text is not in it, so the person is told that we could not read it.
    "msg_unsupported.json": (Expected("message", "new", "+16505551234", at=1750090702, media="unsupported"),),
    "msg_unsupported__2.json": (Expected("message", "new", "+16505551234", at=1750090702, media="unsupported"),),
    "msg_video.json": _file("video", "731675419373506", 1744344496, "Timelapse of growth"),
}

_IN_GROUP = Expected(
    "receipt", "applied", message_id=PLACEHOLDER, status="delivered", recipient="GROUP_PARTICIPANT_PHONE_NUMBER"
)
_READ_IN_GROUP = Expected(
    "receipt", "applied", message_id=PLACEHOLDER, status="read", recipient="GROUP_PARTICIPANT_PHONE_NUMBER"
)
_TO_PABLO = Expected("receipt", "applied", at=1750030073, message_id=SENT, status="delivered", recipient=PABLO)
_SENT_RECEIPT = Expected("receipt", "applied", at=1750030073, message_id=SENT, status="sent", recipient="16505551234")

STATUSES: Mapping[str, tuple[Expected, ...]] = {
    "status_delivered.json": (
        Expected(
            "receipt",
            "applied",
            at=1750263773,
            message_id="wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MTE5MjVBOTE3MDk5QUVFM0YA",
            status="delivered",
            recipient="16505551234",
        ),
    ),
    # The same person three times, the parent's id under three names. The number where there is one: to tell receipts
    # apart takes no identity, and older statuses have nothing else.
    "status_delivered_bsuid.json": (
        Expected("receipt", "applied", at=1750030073, message_id=SENT, status="delivered", recipient="16505551234"),
    ),
    "status_delivered_bsuid__2.json": (_TO_PABLO,),
    "status_delivered_bsuid_only.json": (_TO_PABLO,),
    # "IS_BILLABLE" where a boolean belongs, a word where the time belongs: neither matters to the receipt.
    "status_delivered_group.json": (_IN_GROUP,),
    # Two statuses, alike to the last character: the participant that tells them apart is a placeholder in both. They
    # share one event id, so the store applies the first and drops the second; with two real participants both count.
    "status_delivered_group_multi.json": (
        _IN_GROUP,
        Expected(
            "receipt", "repeat", message_id=PLACEHOLDER, status="delivered", recipient="GROUP_PARTICIPANT_PHONE_NUMBER"
        ),
    ),
    "status_failed.json": (
        Expected(
            "receipt",
            "applied",
            at=1712597457,
            message_id="wamid.HBgMNDQ3ODI1MDYzOTQxFQIAERgSN0MzMTg0Nzk2RkMwOEQ5NTQ2AA==",
            status="failed",
            recipient="16505551234",
            code=131036,
            reason=(
                "Message failed to be delivered on at least one of the user's device",
                "Message payload not found",
            ),
        ),
    ),
    "status_failed__2.json": (
        Expected(
            "receipt",
            "applied",
            at=1751142888,
            message_id="wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI0QUQ2MjA4NEYyRkExNjMyREUA",
            status="failed",
            recipient="16505551234",
            code=131049,
            reason=(
                "This message was not delivered to maintain healthy ecosystem engagement.",
                "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
            ),
        ),
    ),
    "status_read_group.json": (_READ_IN_GROUP,),
    "status_read_group__2.json": (_READ_IN_GROUP,),
    "status_sent.json": (_SENT_RECEIPT,),
    # Neither conversation nor pricing, as newer Graph versions send it.
    "status_sent__2.json": (_SENT_RECEIPT,),
}

NOTICES: Mapping[str, tuple[Expected, ...]] = {
    "account_review_update.json": _notice("account_review_update"),
    "account_review_update__2.json": _notice("account_review_update"),
    "account_settings_update.json": _notice("account_settings_update"),
    "account_update_account_deleted.json": _notice("account_update"),
    "account_update_account_offboarded.json": _notice("account_update"),
    "account_update_account_reconnected.json": _notice("account_update"),
    "account_update_account_restriction.json": _notice("account_update"),
    "account_update_account_restriction__2.json": _notice("account_update"),
    "account_update_account_violation.json": _notice("account_update"),
    "account_update_account_violation__2.json": _notice("account_update"),
    "account_update_account_violation__3.json": _notice("account_update"),
    "account_update_ad_account_linked.json": _notice("account_update"),
    "account_update_auth_intl_price_eligibility_update.json": _notice("account_update"),
    "account_update_business_primary_location_country_update.json": _notice("account_update"),
    "account_update_disabled_update.json": _notice("account_update"),
    "account_update_disabled_update__2.json": _notice("account_update"),
    "account_update_mm_lite_terms_signed.json": _notice("account_update"),
    # The entry's id is a business here, no WhatsApp account.
    "account_update_partner_added.json": _notice("account_update"),
    "account_update_partner_added__2.json": _notice("account_update"),
    # `field` stands on the entry here and within the value there; the change itself has none. The files still say
    # account_update, once and without doubt (so does the manifest), and an operator wants to hear that an app was
    # taken away: a notice tells more than a quarantined item.
    "account_update_partner_app_installed_malformed_metadoc.json": _notice("account_update"),
    "account_update_partner_app_uninstalled_malformed_metadoc.json": _notice("account_update"),
    "account_update_partner_client_certification_status_update.json": _notice("account_update"),
    "account_update_partner_removed.json": _notice("account_update"),
    "account_update_verified_account.json": _notice("account_update"),
    "account_update_volume_based_pricing_tier_update.json": _notice("account_update"),
    "automatic_events.json": _notice("automatic_events"),
    "automatic_events__2.json": _notice("automatic_events"),
    "business_capability_update.json": _notice("business_capability_update"),
    "calls_connect.json": _notice("calls"),
    # `statuses` of a call, no receipts: there is no message that they are about.
    "calls_status.json": _notice("calls"),
    "calls_terminate.json": _notice("calls"),
    "calls_terminate__2.json": _notice("calls"),
    # Field `messages`, but neither messages nor statuses.
    "errors_value.json": _notice("error"),
    "errors_value__2.json": _notice("error"),
    "group_lifecycle_update_group_create.json": _notice("group_lifecycle_update"),
    "group_lifecycle_update_group_create__2.json": _notice("group_lifecycle_update"),
    "group_lifecycle_update_group_create__3.json": _notice("group_lifecycle_update"),
    "group_lifecycle_update_group_delete.json": _notice("group_lifecycle_update"),
    "group_lifecycle_update_group_delete__2.json": _notice("group_lifecycle_update"),
    "group_participants_update_GROUP_REQUEST_TYPE.json": _notice("group_participants_update"),
    "group_participants_update_group_create.json": _notice("group_participants_update"),
    "group_participants_update_group_participants_add.json": _notice("group_participants_update"),
    "group_participants_update_group_participants_add__2.json": _notice("group_participants_update"),
    "group_settings_update_group_settings_update.json": _notice("group_settings_update"),
    "group_settings_update_group_settings_update__2.json": _notice("group_settings_update"),
    "group_status_update_group_suspend.json": _notice("group_status_update"),
    "group_status_update_group_suspend_cleared.json": _notice("group_status_update"),
    # Old messages of two chats, one of a person among them: one notice a change, nothing is answered.
    "history.json": _notice("history"),
    # `messages` with a person's image, but under `history`: the field decides.
    "history__2.json": _notice("history"),
    "message_template_components_update.json": _notice("message_template_components_update"),
    # A template's quality, published under the field of its status.
    "message_template_status_update.json": _notice("message_template_status_update"),
    "message_template_status_update_approved.json": _notice("message_template_status_update"),
    "message_template_status_update_approved__2.json": _notice("message_template_status_update"),
    "message_template_status_update_rejected.json": _notice("message_template_status_update"),
    "partner_solutions_solution_created.json": _notice("partner_solutions"),
    "payment_configuration_update.json": _notice("payment_configuration_update"),
    "payment_configuration_update__2.json": _notice("payment_configuration_update"),
    "phone_number_name_update.json": _notice("phone_number_name_update"),
    "phone_number_name_update__2.json": _notice("phone_number_name_update"),
    "phone_number_quality_update_flagged.json": _notice("phone_number_quality_update"),
    "phone_number_quality_update_throughput_upgrade.json": _notice("phone_number_quality_update"),
    "security_pin_reset_request.json": _notice("security"),
    "smb_app_state_sync.json": _notice("smb_app_state_sync"),
    # Our own words, typed on the business's phone. Both files carry the same message id.
    "smb_echo_text.json": _notice("smb_message_echoes"),
    "smb_echo_text__2.json": _notice("smb_message_echoes"),
    "template_category_update.json": _notice("template_category_update"),
    "template_category_update__2.json": _notice("template_category_update"),
    "user_preferences.json": (Expected("preference", "kept", "+16505551234", at=1731705721, status="in"),),
}

TABLE: Mapping[str, tuple[Expected, ...]] = {**MESSAGES, **STATUSES, **NOTICES}
