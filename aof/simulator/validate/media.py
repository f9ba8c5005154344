"""Image, audio, video, document and sticker: by id or by link."""

from aof.simulator.validate.report import Node, check_web_address

CAPTION_MOST = 1024


def check_media(media: Node, *, caption: bool = False, more: tuple[str, ...] = ()) -> None:
    """Either an `id` or a `link`, and the keys that this type has."""
    media.only("id", "link", "provider", *(("caption",) if caption else ()), *more)
    has_id = media.value.get("id") is not None
    if has_id and media.value.get("link") is not None:
        media.report.value("Only one of id and link may be set.")  # synthetic
    elif has_id:
        media.text("id")
    elif media.value.get("link") is not None:
        check_web_address(media.report, media.at("link"), media.text("link"))
    else:
        media.report.missing(f"{media.at('id')} or {media.at('link')}")
    if caption:
        media.report.length("Caption", media.text("caption", required=False), CAPTION_MOST, least=0)


def check_image(media: Node) -> None:
    check_media(media, caption=True)


def check_video(media: Node) -> None:
    check_media(media, caption=True)


def check_document(media: Node) -> None:
    check_media(media, caption=True, more=("filename",))
    media.text("filename", required=False)


def check_audio(media: Node) -> None:
    check_media(media, more=("voice",))
    media.flag("voice")


def check_sticker(media: Node) -> None:
    check_media(media)
