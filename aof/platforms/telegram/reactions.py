"""The emoji that a bot may put on a message: a fixed list."""

import re

_LISTED = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾
💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
"""
ALLOWED = tuple(_LISTED.split())
"""Source: https://core.telegram.org/bots/api#reactiontypeemoji."""

_NEAREST = {
    **dict.fromkeys(("✅", "✔", "☑", "🆗", "🟢", "➕"), "👍"),
    **dict.fromkeys(("❌", "✖", "❎", "🚫", "⛔", "🔴", "➖"), "👎"),
    **dict.fromkeys(("⏳", "⌛", "🔍", "🔎", "👁", "🔄"), "👀"),
    **dict.fromkeys(("⚠", "❓", "❔"), "🤔"),
    **dict.fromkeys(("🚨", "❗", "❕", "💥"), "😱"),
    **dict.fromkeys(("🧡", "💛", "💚", "💙", "💜", "🖤", "🤍", "🤎", "💖", "💗", "♥"), "❤"),
    **dict.fromkeys(("🙂", "😊", "😀", "😃", "😄"), "😁"),
    **dict.fromkeys(("😂", "😆", "😅"), "🤣"),
    **dict.fromkeys(("🙁", "☹", "😞", "😔"), "😢"),
    **dict.fromkeys(("🥳", "🎊", "🚀"), "🎉"),
    **dict.fromkeys(("📝", "✏", "🖊"), "✍"),
    **dict.fromkeys(("🤖", "💻", "🧑‍💻", "👩‍💻"), "👨‍💻"),
    **dict.fromkeys(("💤", "🛌"), "😴"),
    **dict.fromkeys(("⭐", "🌟", "✨"), "🤩"),
}
_VARIANT = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")  # drawn as text or picture, and tones of skin


def allowed(emoji: str) -> str | None:
    """The emoji, or the allowed one that says nearly the same; None where none does."""
    bare = _VARIANT.sub("", emoji)
    return bare if bare in ALLOWED else _NEAREST.get(bare)
