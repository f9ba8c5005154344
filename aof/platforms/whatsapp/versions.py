"""How long each version of Meta's Graph API lives."""

from datetime import date, timedelta

DEFAULT = "v25.0"

LAST_DAYS: dict[str, date | None] = {
    "v18.0": date(2026, 1, 26),
    "v19.0": date(2026, 5, 21),
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,  # Meta has not said yet
}
"""Source: https://developers.facebook.com/docs/graph-api/changelog/versions, as of November 2026."""

_WARN_BEFORE = timedelta(days=365)


def version_warning(version: str, today: date) -> str | None:
    """What an operator should know about running this version, in one sentence; None when there is nothing to say."""
    if version not in LAST_DAYS:
        return f"Graph API {version} is unknown here (known: {', '.join(LAST_DAYS)}); check its last day with Meta."
    last = LAST_DAYS[version]
    if last is None or last - today >= _WARN_BEFORE:
        return None
    if last <= today:
        return (
            f"Graph API {version} ended on {last}; Meta now serves its oldest living version instead. "
            f"Set api_version to {DEFAULT} or later."
        )
    return f"Graph API {version} ends on {last}, in {(last - today).days} days. Set api_version to a later one."
