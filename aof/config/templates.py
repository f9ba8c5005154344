"""Templates by what they are for: a name that the platform approved, and its code in each language."""

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from aof.config.model import StrictModel
from aof.texts.language import Language

Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z]{2,3}(_[A-Za-z]{2,8})?$")]


class TemplateLanguages(StrictModel):
    """In which languages a template is approved, by the platform's codes. At least one."""

    en: Annotated[Code | None, Field(examples=["en_US"])] = None
    """The code of its English; absent where it is not approved in it."""
    ar: Annotated[Code | None, Field(examples=["ar"])] = None
    """The code of its Arabic; absent where it is not approved in it."""

    @model_validator(mode="after")
    def _at_least_one(self) -> "TemplateLanguages":
        if self.en is None and self.ar is None:
            raise ValueError("names no language; write the code of one, such as en: en_US")
        return self


class ApprovedTemplate(StrictModel):
    """A template that the platform approved beforehand."""

    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9_]{1,512}$"),
        Field(examples=["message_waiting"]),
    ]
    """Its name at the platform: small letters, digits and `_`."""
    languages: Annotated[TemplateLanguages, Field(examples=[{"en": "en_US", "ar": "ar"}])]
    """In which languages it is approved. Whoever speaks another one reads it in the first of these."""

    def code(self, language: Language) -> str:
        """The platform's code of a language, or of one that there is."""
        own, other = self.languages.en, self.languages.ar
        if language is Language.ARABIC:
            own, other = other, own
        return own or other or ""


class Templates(StrictModel):
    """Templates of yours at the platform, by what they are for."""

    nudge: Annotated[
        ApprovedTemplate | None,
        Field(examples=[{"name": "message_waiting", "languages": {"en": "en_US", "ar": "ar"}}]),
    ] = None
    """Asks somebody who was silent for a day to write, so that what is parked for them can follow: one line without
    places, and one quick reply. Without it that waits until they write by themselves."""

    opt_in: Annotated[
        ApprovedTemplate | None,
        Field(examples=[{"name": "notices_opt_in", "languages": {"en": "en_US", "ar": "ar"}}]),
    ] = None
    """Asks somebody outside the team whether they want to be written to: without places, and with two quick replies, of
    which the first is Yes. Only `aof consent ask` sends it."""
