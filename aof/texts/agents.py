"""What people read of agents with a model, beside what the model itself says."""

from collections.abc import Sequence

from aof.texts.language import Language, said
from aof.texts.machine_words import named


def model_not_reached(language: Language) -> str:
    """The model's server is away, busy or silent."""
    return said(
        language,
        en="The model can't be reached right now. Ask again in a minute.",
        ar="لا يمكن الوصول إلى النموذج الآن. أعد السؤال بعد دقيقة.",
    )


def model_refused(language: Language) -> str:
    """Its server took the request for wrong: the key, the model's name, a setting."""
    return said(
        language,
        en="The model's server refused the request; the operator can see why in the log.",
        ar="رفض خادم النموذج الطلب؛ يمكن للمشغّل رؤية السبب في السجل.",
    )


def model_declined(language: Language) -> str:
    """A filter of the model's server stopped the answer."""
    return said(
        language,
        en="The model declined to answer that. Put it in other words.",
        ar="امتنع النموذج عن الإجابة عن ذلك. صُغ سؤالك بكلمات أخرى.",
    )


def too_long_for_model(language: Language) -> str:
    return said(
        language,
        en="That has become too long for the model. Ask for less: one pod, fewer lines.",
        ar="صار ذلك أطول مما يتسع له النموذج. اطلب أقل: حاوية واحدة، أسطرًا أقل.",
    )


def model_unusable(language: Language) -> str:
    """What the model said can't be used."""
    return said(
        language,
        en="The model's answer could not be used. Ask again, or in other words.",
        ar="تعذّر استخدام جواب النموذج. أعد السؤال، أو صُغه بكلمات أخرى.",
    )


def wrong_form(language: Language) -> str:
    """The answer is not in the form that its agent has to give."""
    return said(
        language,
        en="The answer did not come in the form that this agent has to give, so I don't show it. Ask again.",
        ar="لم يأتِ الجواب بالصيغة المطلوبة من هذا الوكيل فلا أعرضه. أعد السؤال.",
    )


def stopped_at_limit(language: Language, steps: int) -> str:
    """Under a partial answer, or alone."""
    return said(
        language,
        en=f"I stopped here: this took more than I may spend on one question ({steps} steps). Ask for less at once.",
        ar=f"توقفت هنا: تجاوز ذلك ما يُسمح لي به لسؤال واحد ({steps} خطوات). اطلب أقل في المرة الواحدة.",
    )


def nothing_approved(language: Language, commands: Sequence[str]) -> str:
    """After a pause in which nobody let anything run."""
    listed = said(language, en=", ", ar="، ").join(named(language, command, longest=400) for command in commands)
    return said(
        language,
        en=f"Not approved, so not run: {listed}. Ask again if it is still needed.",
        ar=f"لم تُمنح الموافقة فلم يُنفَّذ: {listed}. أعد الطلب إن احتجته.",
    )


def command_ended(language: Language, command: str, *, failed: bool, is_unknown: bool) -> str:
    """After a command that an answer asked for."""
    shown = named(language, command, longest=400)
    if is_unknown:
        return said(
            language,
            en=f"I can't tell whether this took effect: {shown}. Check before you repeat it.",
            ar=f"لا أستطيع معرفة ما إذا كان هذا قد نُفّذ: {shown}. تحقق قبل تكراره.",
        )
    if failed:
        return said(language, en=f"That did not work: {shown}.", ar=f"لم ينجح ذلك: {shown}.")
    return said(language, en=f"Done: {shown}.", ar=f"تم: {shown}.")


def cannot_go_on(language: Language) -> str:
    """A pause that this version can't read."""
    return said(
        language,
        en="I can't go on from where I stopped; nothing was run. Ask again.",
        ar="لا أستطيع المتابعة من حيث توقفت؛ لم يُنفَّذ شيء. أعد السؤال.",
    )
