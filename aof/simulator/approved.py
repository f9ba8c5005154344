"""The account's templates as Meta has them now: approved at first, then paused, switched off or filed anew."""

from dataclasses import replace
from typing import Any, get_args

from aof.simulator import catalogue
from aof.simulator.clock import Clock
from aof.simulator.envelope import Update
from aof.simulator.errors import Refused
from aof.simulator.settings import Category, Settings, TemplateSettings, TemplateStatus
from aof.simulator.webhooks import Webhooks

Json = dict[str, Any]
REFUSED: dict[str, int] = {"PAUSED": 132015, "DISABLED": 132016}
"""The code that a send of one in this status gets; of any other that is not approved 132001."""
QUALITIES = ("GREEN", "YELLOW", "RED", "UNKNOWN")
KEYS = frozenset({"status", "reason", "category", "quality"})


class NoSuchTemplate(LookupError):
    """There is none of that name in that language."""


class Approved:
    """Finds the template of a send, changes templates, and tells the business of it as Meta does."""

    def __init__(self, settings: Settings, clock: Clock, webhooks: Webhooks) -> None:
        self._settings = settings
        self._clock = clock
        self._webhooks = webhooks
        self._templates = {(template.name, template.language): template for template in settings.templates}
        self._quality: dict[tuple[str, str], str] = {}

    def find(self, node: Json) -> TemplateSettings:
        """The template that a send names.

        Raises:
            Refused: 132001, there is none of that name in that language, or it is not approved; 132015, it is paused;
                132016, it is disabled.
        """
        name, language = node["name"], node["language"]["code"]
        template = self._templates.get((name, language))
        if template is not None and template.status == "APPROVED":
            return template
        if template is not None and (code := REFUSED.get(template.status)):
            raise Refused(catalogue.answer(code))
        raise Refused(catalogue.answer(132001, f"template name ({name[:200]}) does not exist in {language[:50]}"))

    def shown(self) -> list[Json]:
        """The entries of the control API."""
        return [
            {
                "name": template.name,
                "language": template.language,
                "status": template.status,
                "category": template.category,
                "quality": self._quality.get(key, "UNKNOWN"),
                "body": template.body,
                "buttons": list(template.buttons),
            }
            for key, template in self._templates.items()
        ]

    def change(self, name: str, language: str, wanted: Json) -> None:
        """Give a template another status, category or quality, and tell the business.

        Raises:
            NoSuchTemplate: There is none of that name in that language.
            ValueError: What is wanted is nothing that Meta has; the message says what can be written.
        """
        key = name, language
        if key not in self._templates:
            raise NoSuchTemplate(name)
        template = self._templates[key]
        unknown = wanted.keys() - KEYS
        for given, words in (
            ("status", get_args(TemplateStatus)),
            ("category", get_args(Category)),
            ("quality", QUALITIES),
        ):
            if given in wanted and wanted[given] not in words:
                raise ValueError(f"{given} is one of {', '.join(words)}.")
        if unknown or not wanted.keys() - {"reason"}:
            raise ValueError(
                'Write {"status": "PAUSED", "reason": "…"}, {"category": "marketing"} or {"quality": "RED"}.'
            )
        if "status" in wanted:
            self._templates[key] = replace(template, status=wanted["status"])
            reason = str(wanted.get("reason", "NONE"))
            self._tell("message_template_status_update", template, {"event": wanted["status"], "reason": reason})
        if "category" in wanted:
            self._templates[key] = replace(self._templates[key], category=wanted["category"])
            filed = {"previous_category": template.category.upper(), "new_category": wanted["category"].upper()}
            self._tell("template_category_update", template, filed)
        if "quality" in wanted:
            before = self._quality.get(key, "UNKNOWN")
            self._quality[key] = wanted["quality"]
            scores = {"previous_quality_score": before, "new_quality_score": wanted["quality"]}
            self._tell("message_template_quality_update", template, scores)

    def _tell(self, field: str, template: TemplateSettings, more: Json) -> None:
        """Meta names the business account on these and no number, and writes a language with a hyphen."""
        value = more | {
            "message_template_id": sum(map(ord, template.name + template.language)) + 10**15,
            "message_template_name": template.name,
            "message_template_language": template.language.replace("_", "-"),
        }
        entry = {
            "id": self._settings.business_account_id,
            "time": int(self._clock.now().timestamp()),
            "changes": [{"value": value, "field": field}],
        }
        self._webhooks.put(Update("payload", {"object": "whatsapp_business_account", "entry": [entry]}))
