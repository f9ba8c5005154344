"""What is said to whoever opts in or out. Short, the fact first, then the way back."""

from aof.texts.language import Language, said


def opted_out(language: Language) -> str:
    """To STOP, and to the No of an opt-in request."""
    return said(
        language,
        en="You will get no more notices here. START brings them back.",
        ar="لن تصلك إشعارات هنا بعد الآن. للعودة أرسل: اشتراك",
    )


def opted_in(language: Language) -> str:
    """To START, and to the Yes of an opt-in request."""
    return said(
        language,
        en="You will get notices here. STOP ends them.",
        ar="ستصلك الإشعارات هنا. لإيقافها أرسل: إيقاف",
    )


def yes_title(language: Language) -> str:
    """Of a quick reply."""
    return said(language, en="Yes", ar="نعم")


def no_title(language: Language) -> str:
    """Of a quick reply."""
    return said(language, en="No", ar="لا")
