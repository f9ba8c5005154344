"""Amazon Bedrock's client, with limits of ours: its library takes none with a request."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.session import Session
from botocore.tokens import FrozenAuthToken

from aof.agents.llm.build import CannotBuild

_CONNECT_SECONDS = 10.0


def client_of(
    *, region: str, base_url: str | None, key: str | None, environment: Mapping[str, str], timeout_seconds: float
) -> BaseClient:
    """A client that asks once.

    Args:
        key: A bearer token of Bedrock; None: the credentials of the environment, of a profile or of this machine.
        timeout_seconds: Of silence.

    Raises:
        CannotBuild: AWS's own ways lead to no credentials.
    """
    limits: dict[str, Any] = {
        "read_timeout": timeout_seconds,
        "connect_timeout": min(_CONNECT_SECONDS, timeout_seconds),
        # whoever was cancelled can't stop a thread that asks again
        "retries": {"total_max_attempts": 1, "mode": "standard"},
    }
    if key is not None:
        session = boto3.Session(botocore_session=_Bearer(key))
        limits["signature_version"] = "bearer"
    else:
        session = _session(environment)
    try:
        client: BaseClient = session.client(
            "bedrock-runtime", region_name=region, endpoint_url=base_url, config=Config(**limits)
        )
    except (BotoCoreError, ValueError) as error:
        raise CannotBuild(f"AWS's library can't be set up: {str(error).rstrip('.')}") from error
    return client


def _session(environment: Mapping[str, str]) -> boto3.Session:
    key, secret = environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY")
    if key and secret:
        token = environment.get("AWS_SESSION_TOKEN")
        return boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)
    try:
        session = boto3.Session(profile_name=environment.get("AWS_PROFILE"))
        found = session.get_credentials()
    except BotoCoreError as error:
        raise CannotBuild(f"its credentials of AWS can't be had: {str(error).rstrip('.')}") from error
    if found is None:
        raise CannotBuild(
            "its credentials of AWS are missing; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or "
            "AWS_BEARER_TOKEN_BEDROCK hold them"
        )
    return session


class _Bearer(Session):  # type: ignore[misc]  # without types it is anything
    """Proves itself by a token in place of a signature."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def get_auth_token(self, **_: object) -> FrozenAuthToken:
        return FrozenAuthToken(self._token)

    def get_credentials(self) -> None:
        return None
