"""Who may ask the Graph API: the bearer token, and the proof that the caller knows the app's secret."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from aof.simulator.errors import NO_TOKEN, PROOF_NEEDED, PROOF_WRONG, WRONG_TOKEN, Refused, expired_token
from aof.simulator.faults import Faults
from aof.simulator.settings import Settings


def check_token(settings: Settings, faults: Faults, authorization: str, now: datetime) -> None:
    """Raises:
    Refused: The token is missing, wrong, or expired by a fault; always 401.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(NO_TOKEN)
    if not hmac.compare_digest(token.strip().encode("utf-8", "surrogateescape"), settings.access_token.encode()):
        raise Refused(WRONG_TOKEN)
    if faults.take("expired_token"):
        raise Refused(expired_token(_spelled(now - timedelta(hours=1)), _spelled(now)))


def check_proof(settings: Settings, query: Mapping[str, str], body: object) -> None:
    """Raises:
    Refused: The proof is missing though the app demands it, or wrong.
    """
    in_body = body.get("appsecret_proof") if isinstance(body, dict) else None
    proof = query.get("appsecret_proof") or in_body
    if proof is None:
        if settings.require_appsecret_proof:
            raise Refused(PROOF_NEEDED)
        return
    expected = hmac.new(settings.app_secret.encode(), settings.access_token.encode(), hashlib.sha256).hexdigest()
    if not isinstance(proof, str) or not hmac.compare_digest(proof.encode("utf-8", "surrogatepass"), expected.encode()):
        raise Refused(PROOF_WRONG)


def _spelled(moment: datetime) -> str:
    return moment.strftime("%A, %d-%b-%y %H:%M:%S UTC")
