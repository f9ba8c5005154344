"""The page for operators: decisions, and people."""

from aof.texts.language import Language, isolated, said


def no_approvals(language: Language) -> str:
    return said(language, en="Nothing waits for a decision.", ar="لا شيء ينتظر قرارًا.")


def no_approvals_hint(language: Language) -> str:
    return said(
        language,
        en="When an agent wants to run a command that changes something, it is asked here "
        "and on phones at once. One decision counts.",
        ar="حين يريد وكيل تنفيذ أمر يغيّر شيئًا يُسأل عنه هنا وعلى الهواتف معًا. يُحتسب قرار واحد.",
    )


def decide(language: Language) -> str:
    return said(language, en="Look and decide", ar="انظر وقرّر")


def approve(language: Language) -> str:
    return said(language, en="Approve", ar="موافقة")


def deny(language: Language) -> str:
    return said(language, en="Deny", ar="رفض")


def will_run(language: Language) -> str:
    return said(language, en="This will run, exactly:", ar="سيُنفَّذ هذا بالضبط:")


def asked_by(language: Language) -> str:
    return said(language, en="Asked by", ar="طلبه")


def may_decide(language: Language) -> str:
    return said(language, en="May decide", ar="يحق لهم القرار")


def votes(language: Language) -> str:
    return said(language, en="Votes", ar="الأصوات")


def of_needed(language: Language, given: int, needed: int) -> str:
    return said(language, en=f"{given} of {needed} approvals", ar=f"{given} من {needed} موافقات")


def class_(language: Language) -> str:
    return said(language, en="Class", ar="الصنف")


def reason(language: Language) -> str:
    return said(language, en="The agent says", ar="يقول الوكيل")


def until(language: Language) -> str:
    return said(language, en="Until", ar="حتى")


def changed_by(language: Language) -> str:
    return said(language, en="Changed by", ar="عدّله")


def undo(language: Language) -> str:
    return said(language, en="Undo", ar="التراجع")


def dry_run(language: Language) -> str:
    return said(language, en="Dry run", ar="تجربة")


def result(language: Language) -> str:
    return said(language, en="What came of it", ar="ما نتج عنه")


def decided_before(language: Language) -> str:
    return said(language, en="Decided lately", ar="قُرّر مؤخرًا")


def note_hint(language: Language) -> str:
    return said(language, en="Why; kept with your vote.", ar="السبب؛ يُحفظ مع صوتك.")


def you_can_not(language: Language, why: str) -> str:
    return said(language, en=f"You can't decide this: {why}.", ar=f"لا يمكنك القرار في هذا: {why}.")


def vote_counted(language: Language, given: int, needed: int) -> str:
    return said(language, en=f"Counted: {given} of {needed} approvals.", ar=f"احتُسب: {given} من {needed} موافقات.")


def approved(language: Language) -> str:
    return said(
        language,
        en="Approved. What comes of it is shown here when it has run.",
        ar="تمت الموافقة. تظهر النتيجة هنا بعد التنفيذ.",
    )


def denied(language: Language) -> str:
    return said(language, en="Denied. Nothing runs.", ar="رُفض. لا يُنفَّذ شيء.")


def no_drafts(language: Language) -> str:
    return said(language, en="No opportunities yet.", ar="لا فرص بعد.")


def no_drafts_hint(language: Language) -> str:
    return said(
        language,
        en="An opportunity arrives by POST /api/operator/opportunities or aof operator add. "
        "Its card goes to the operator's phone, and its draft stands here.",
        ar=f"تصل الفرصة عبر {isolated('POST /api/operator/opportunities')} أو "
        f"{isolated('aof operator add')}. تذهب بطاقتها إلى هاتف المشغّل وتظهر مسودتها هنا.",
    )


def no_consent(language: Language) -> str:
    return said(language, en="No opt-ins yet.", ar="لا موافقات على المراسلة بعد.")


def no_consent_hint(language: Language) -> str:
    return said(
        language,
        en="A contact opts in by START or اشتراك, or by answering an opt-in request, and out "
        "by STOP or إيقاف. Until then nothing cold is sent to them.",
        ar="يوافق الشخص بإرسال START أو اشتراك أو بالرد على طلب، ويلغي بإرسال STOP أو إيقاف. قبل ذلك لا يُراسل ابتداءً.",
    )


def consent_in(language: Language) -> str:
    return said(language, en="in", ar="موافق")


def consent_out(language: Language) -> str:
    return said(language, en="out", ar="غير موافق")


def asking(language: Language) -> str:
    return said(language, en="Asking to be let in", ar="يطلبون الدخول")


def nobody_asks(language: Language) -> str:
    return said(language, en="Nobody asks to be let in.", ar="لا أحد يطلب الدخول.")


def nobody_asks_hint(language: Language) -> str:
    return said(
        language,
        en="A stranger who writes is told a code on their phone. They tell it to you, and you type it here.",
        ar="من يكتب ولا نعرفه يُعطى رمزًا على هاتفه. يخبرك به فتكتبه هنا.",
    )


def code_on_phone(language: Language) -> str:
    return said(language, en="Code on their phone", ar="الرمز على هاتفه")


def call_them(language: Language) -> str:
    return said(language, en="Call them", ar="سمِّه")


def let_in(language: Language) -> str:
    return said(language, en="Let in", ar="السماح بالدخول")


def is_let_in(language: Language, name: str) -> str:
    return said(language, en=f"{name} is let in.", ar=f"سُمح لـ{isolated(name)} بالدخول.")


def known_people(language: Language) -> str:
    return said(language, en="Who has a name", ar="من لهم أسماء")


def nobody_known(language: Language) -> str:
    return said(language, en="Nobody has a name yet.", ar="لا أحد له اسم بعد.")


def nobody_known_hint(language: Language) -> str:
    return said(
        language,
        en="Write spec.people, or give a name when you let somebody in.",
        ar=f"اكتب {isolated('spec.people')} أو أعطِ اسمًا عند السماح بالدخول.",
    )


def from_configuration(language: Language) -> str:
    return said(language, en="configuration", ar="الإعدادات")


def from_pairing(language: Language) -> str:
    return said(language, en="let in by a code", ar="سُمح له برمز")


def suspended(language: Language) -> str:
    return said(language, en="suspended", ar="موقوف")


def suspend(language: Language) -> str:
    return said(language, en="Suspend", ar="إيقاف مؤقت")


def suspend_hint(language: Language) -> str:
    return said(
        language,
        en="Nothing is taken from them or sent to them until they are resumed. What they asked for ends.",
        ar="لا يُقبل منه شيء ولا يُرسل إليه حتى يُستأنف. وينتهي ما طلبه.",
    )


def resume_person(language: Language) -> str:
    return said(language, en="Resume", ar="استئناف")


def now_suspended(language: Language, name: str) -> str:
    return said(language, en=f"{name} is suspended.", ar=f"أُوقف {isolated(name)} مؤقتًا.")


def was_suspended(language: Language, name: str) -> str:
    return said(language, en=f"{name} is suspended already", ar=f"{isolated(name)} موقوف بالفعل")


def is_resumed(language: Language, name: str) -> str:
    return said(language, en=f"{name} may talk again.", ar=f"يمكن لـ{isolated(name)} المحادثة ثانية.")


def not_suspended(language: Language, name: str) -> str:
    return said(language, en=f"{name} is not suspended", ar=f"{isolated(name)} ليس موقوفًا")


def revoke(language: Language) -> str:
    return said(language, en="Send away", ar="إلغاء السماح")


def is_revoked(language: Language, name: str) -> str:
    return said(language, en=f"{name} is sent away.", ar=f"أُلغي السماح لـ{isolated(name)}.")


def verdict_approve(language: Language) -> str:
    return said(language, en="approve", ar="موافقة")


def verdict_deny(language: Language) -> str:
    return said(language, en="deny", ar="رفض")


def consent_asked(language: Language) -> str:
    return said(language, en="asked", ar="سُئل")


def how_word(language: Language) -> str:
    return said(language, en="their own word", ar="بكلمته")


def how_button(language: Language) -> str:
    return said(language, en="their own tap", ar="بضغطة منه")


def how_platform(language: Language) -> str:
    return said(language, en="told to the platform", ar="أبلغ به المنصة")


def how_refusal(language: Language) -> str:
    return said(language, en="the platform refused a message", ar="رفضت المنصة رسالة")


def how_operator(language: Language) -> str:
    return said(language, en="written down by an operator", ar="دوّنه مشغّل")


def how_import(language: Language) -> str:
    return said(language, en="from a file", ar="من ملف")
