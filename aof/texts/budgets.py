"""What people read of budgets: how much of the day is gone, when it renews, and where it is raised."""

from datetime import datetime

from aof.domain.budget import COST_UNITS, Budget, Exhausted, Meter, Quantity
from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import clock, named, span, whole

_UNITS: dict[Quantity, tuple[str, str]] = {
    "runs": ("questions", "سؤالًا"),
    "tokens": ("tokens", "من الرموز"),
    "tool_calls": ("uses of tools", "استخدامًا للأدوات"),
    "cost": ("", ""),
}


def exhausted(
    language: Language, refused: Exhausted, currency: str, *, key: str, renews: datetime, now: datetime
) -> str:
    """In place of an answer: nothing is left of a budget, too little is, or it is held."""
    whose = _whose(language, refused.meter.budget)
    gone = _gone(language, refused.meter, refused.quantity, currency)
    if refused.is_held:
        return said(
            language,
            en=f"What is left of {whose} for today is held by questions that are being answered ({gone} gone). "
            "Ask again when one of them is answered.",
            ar=f"ما تبقى من {whose} لليوم محجوز لأسئلة قيد الإجابة (استُهلك {gone}). أعد السؤال بعد الإجابة عن أحدها.",
        )
    at, rest, written = clock(language, renews), span(language, renews - now), named(language, key)
    begins = whose[:1].upper() + whose[1:]
    is_spent = ("is spent", "استُهلكت") if refused.is_spent else ("is too small for more", "لا تكفي للمزيد")
    return said(
        language,
        en=f"{begins} for today {is_spent[0]}: {gone}. It renews at {at}, in {rest}. "
        f"Whoever runs me can raise it: {written}. What needs no model still works: /run agent runbook, /help.",
        ar=f"{whose} لليوم {is_spent[1]}: {gone}. تتجدد عند {at}، بعد {rest}. يستطيع من يشغّلني رفعها: {written}. "
        f"ما لا يحتاج إلى نموذج ما زال يعمل: {isolated('/run agent runbook')}، {isolated('/help')}.",
    )


def meter(language: Language, of: Meter, currency: str) -> str:
    """How much of one budget is gone today."""
    whose = _whose(language, of.budget)
    gone = said(language, en=", ", ar="، ").join(_gone(language, of, one, currency) for one in of.budget.limits)
    begins = whose[:1].upper() + whose[1:]
    return said(language, en=f"{begins} today: {gone}.", ar=f"{whose} اليوم: {gone}.")


def counted(of: Meter, currency: str) -> str:
    """The same for operators, in English."""
    whose = " ".join(part for part in (of.budget.scope, of.budget.subject) if part)
    gone = ", ".join(_gone(Language.ENGLISH, of, one, currency) for one in of.budget.limits)
    return f"Budget of {whose} today: {gone}."


def renews(language: Language, at: datetime, now: datetime) -> str:
    """Under the meters."""
    when, rest = clock(language, at), span(language, at - now)
    return said(language, en=f"Budgets renew at {when}, in {rest}.", ar=f"تتجدد الميزانيات عند {when}، بعد {rest}.")


def _whose(language: Language, budget: Budget) -> str:
    match budget.scope:
        case "person":
            return said(language, en="your budget", ar="ميزانيتك")
        case "conversation":
            return said(language, en="the budget of this chat", ar="ميزانية هذه المحادثة")
        case "agent":
            agent = named(language, budget.subject)
            return said(language, en=f"the budget of {agent}", ar=f"ميزانية {agent}")
        case "total":
            return said(language, en="the budget of all together", ar="الميزانية المشتركة")


def _gone(language: Language, of: Meter, quantity: Quantity, currency: str) -> str:
    """12,000 of 50,000 tokens."""
    spent, limit = of.spent.of(quantity), of.budget.limits[quantity]
    if quantity == "cost":
        digits = 2 if limit >= COST_UNITS else 4
        part, all_ = (f"{amount / COST_UNITS:,.{digits}f}" for amount in (spent, limit))
        english, arabic = currency, currency
    else:
        part, all_ = (f"{amount:,}" for amount in (spent, limit))
        english, arabic = _UNITS[quantity]
    return said(
        language,
        en=f"{part} of {all_} {english}",
        ar=f"{whole(language, part)} من {whole(language, all_)} {arabic}",
    )
