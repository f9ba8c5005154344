"""The page for operators: its frame, signing in, and what every section says."""

from aof.texts.language import Language, isolated, said


def product(language: Language) -> str:
    return said(language, en="Operators", ar="المشغّلون")


def skip(language: Language) -> str:
    return said(language, en="Skip to the content", ar="تخطَّ إلى المحتوى")


def sections(language: Language) -> str:
    return said(language, en="Sections", ar="الأقسام")


def needs(language: Language) -> str:
    return said(language, en="Needs a person", ar="بحاجة إلى شخص")


def conversations(language: Language) -> str:
    return said(language, en="Conversations", ar="المحادثات")


def deliveries(language: Language) -> str:
    return said(language, en="Deliveries", ar="الرسائل الصادرة")


def approvals(language: Language) -> str:
    return said(language, en="Approvals", ar="الموافقات")


def drafts(language: Language) -> str:
    return said(language, en="Opportunities", ar="الفرص والمسودات")


def consent(language: Language) -> str:
    return said(language, en="Consent", ar="الموافقة على المراسلة")


def people(language: Language) -> str:
    return said(language, en="People", ar="الأشخاص")


def quarantine(language: Language) -> str:
    return said(language, en="Unanswered", ar="ما لم يُجب عنه")


def numbers(language: Language) -> str:
    return said(language, en="Numbers", ar="الأرقام")


def log(language: Language) -> str:
    return said(language, en="Log", ar="السجل")


def status(language: Language) -> str:
    return said(language, en="Status", ar="الحالة")


def live(language: Language) -> str:
    return said(language, en="live", ar="مباشر")


def reconnecting(language: Language) -> str:
    return said(language, en="reconnecting", ar="يُعاد الاتصال")


def still(language: Language) -> str:
    return said(language, en="not live: reload to see what is new", ar="غير مباشر: أعد التحميل لترى الجديد")


def other_language(language: Language) -> str:
    return said(language, en="العربية", ar="English")


def theme(language: Language) -> str:
    return said(language, en="Colours", ar="الألوان")


def theme_system(language: Language) -> str:
    return said(language, en="as the system", ar="كالنظام")


def theme_light(language: Language) -> str:
    return said(language, en="light", ar="فاتحة")


def theme_dark(language: Language) -> str:
    return said(language, en="dark", ar="داكنة")


def sign_in(language: Language) -> str:
    return said(language, en="Sign in", ar="تسجيل الدخول")


def sign_out(language: Language) -> str:
    return said(language, en="Sign out", ar="تسجيل الخروج")


def signed_in_as(language: Language, name: str, role: str) -> str:
    return said(language, en=f"{name}, {role}", ar=f"{name}، {role}")


def token(language: Language) -> str:
    return said(language, en="Your token", ar="رمزك")


def token_hint(language: Language) -> str:
    return said(
        language,
        en="It is kept where your daemon's variables are. Without one, ask for a link: aof operator link NAME.",
        ar=f"محفوظ حيث متغيرات الخدمة. من دونه اطلب رابطًا: {isolated('aof operator link NAME')}",
    )


def token_wrong(language: Language) -> str:
    return said(language, en="Nobody has this token. Nothing was opened.", ar="لا أحد لديه هذا الرمز. لم يُفتح شيء.")


def too_many(language: Language, minutes: int) -> str:
    return said(
        language,
        en=f"Too many attempts. Try again in {minutes} min.",
        ar=f"محاولات كثيرة. أعد المحاولة بعد {minutes} دقيقة.",
    )


def enter_as(language: Language, name: str) -> str:
    return said(
        language,
        en=f"This link signs you in as {name}, once.",
        ar=f"هذا الرابط يسجّل دخولك باسم {isolated(name)} مرة واحدة.",
    )


def link_over(language: Language) -> str:
    return said(
        language,
        en="This link was used, or its 10 minutes are over. Ask for another: aof operator link NAME.",
        ar=f"استُعمل هذا الرابط أو انقضت دقائقه العشر. اطلب غيره: {isolated('aof operator link NAME')}",
    )


def signed_out(language: Language) -> str:
    return said(language, en="You are signed out.", ar="سُجّل خروجك.")


def role_viewer(language: Language) -> str:
    return said(language, en="looks", ar="للاطلاع")


def role_operator(language: Language) -> str:
    return said(language, en="operator", ar="مشغّل")


def role_admin(language: Language) -> str:
    return said(language, en="admin", ar="مسؤول")


def may_not(language: Language) -> str:
    return said(
        language, en="Your role does not allow this. Nothing was changed.", ar="دورك لا يسمح بهذا. لم يتغير شيء."
    )


def not_found(language: Language) -> str:
    return said(
        language,
        en="There is nothing here. It may have been erased, or settled by somebody else.",
        ar="لا شيء هنا. ربما حُذف أو تولّاه غيرك.",
    )


def not_from_here(language: Language) -> str:
    return said(
        language,
        en="This request did not come from the page. Nothing was changed. Reload and try again.",
        ar="لم يأتِ هذا الطلب من الصفحة. لم يتغير شيء. أعد التحميل وحاول ثانية.",
    )


def store_busy(language: Language) -> str:
    return said(
        language,
        en="The store can't keep this now. Nothing was changed; try again.",
        ar="لا يستطيع المخزن حفظ هذا الآن. لم يتغير شيء؛ حاول ثانية.",
    )


def broken(language: Language) -> str:
    return said(language, en="Something is wrong here. The log says what.", ar="حدث خطأ هنا. السجل يذكر ما هو.")


def back(language: Language) -> str:
    return said(language, en="Back to what needs a person", ar="العودة إلى ما يحتاج إلى شخص")


def not_done(language: Language, why: str) -> str:
    return said(language, en=f"Not done: {why}.", ar=f"لم يُنجز: {why}.")


def more(language: Language) -> str:
    return said(language, en="More", ar="المزيد")


def earlier(language: Language) -> str:
    return said(language, en="Earlier", ar="الأقدم")


def new_rows(language: Language, count: int) -> str:
    return said(language, en=f"{count} new: show", ar=f"{count} جديد: عرض")


def ago_seconds(language: Language, count: int) -> str:
    return said(language, en=f"{count} s ago", ar=f"قبل {count} ث")


def ago_minutes(language: Language, count: int) -> str:
    return said(language, en=f"{count} min ago", ar=f"قبل {count} د")


def ago_hours(language: Language, count: int) -> str:
    return said(language, en=f"{count} h ago", ar=f"قبل {count} س")


def ago_days(language: Language, count: int) -> str:
    return said(language, en=f"{count} d ago", ar=f"قبل {count} يوم")


def left_minutes(language: Language, count: int) -> str:
    return said(language, en=f"{count} min left", ar=f"بقيت {count} د")


def left_hours(language: Language, count: int) -> str:
    return said(language, en=f"{count} h left", ar=f"بقيت {count} س")


def show(language: Language) -> str:
    return said(language, en="Show", ar="عرض")


def search(language: Language) -> str:
    return said(language, en="Search", ar="بحث")


def account(language: Language) -> str:
    return said(language, en="Account", ar="الحساب")


def who(language: Language) -> str:
    return said(language, en="Who", ar="من")


def which_state(language: Language) -> str:
    return said(language, en="State", ar="الحالة")


def note(language: Language) -> str:
    return said(language, en="Note", ar="ملاحظة")
