"""OpenAI's refusals, with the body that it sends for each.

Source: platform.openai.com/docs/guides/error-codes, and answers of the API as its users quote them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ApiError:
    """One error body and its HTTP status."""

    status: int
    message: str
    type: str = "invalid_request_error"
    param: str | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


class Refused(Exception):
    """The request is answered with `error`."""

    def __init__(self, error: ApiError) -> None:
        super().__init__(error.message)
        self.error = error


def invalid(message: str, param: str | None = None, code: str | None = None) -> Refused:
    """A request that can never be answered: HTTP 400."""
    return Refused(ApiError(400, message, param=param, code=code))


def wrong_key(key: str) -> ApiError:
    shown = f"{key[:8]}{'*' * (len(key) - 12)}{key[-4:]}" if len(key) > 12 else "*" * len(key)
    return ApiError(
        401,
        f"Incorrect API key provided: {shown}. You can find your API key at https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )


def unknown_model(name: str) -> ApiError:
    return ApiError(404, f"The model `{name}` does not exist or you do not have access to it.", code="model_not_found")


def unknown_url(method: str, path: str) -> ApiError:
    return ApiError(404, f"Invalid URL ({method} {path})")


def wrong_method(method: str, path: str) -> ApiError:
    return ApiError(405, f"Not allowed to {method} on {path}.", code="method_not_supported")


def rate_limited(model: str, retry_after_seconds: float) -> ApiError:
    return ApiError(
        429,
        f"Rate limit reached for {model} on requests per min (RPM): Limit 3, Used 3, Requested 1. "
        f"Please try again in {retry_after_seconds:g}s.",
        type="requests",
        code="rate_limit_exceeded",
        headers={"Retry-After": f"{retry_after_seconds:g}"},
    )


def too_long(tokens: int) -> ApiError:
    return ApiError(
        400,
        f"This model's maximum context length is {tokens - 1} tokens. However, your messages resulted in {tokens} "
        "tokens. Please reduce the length of the messages.",
        param="messages",
        code="context_length_exceeded",
    )


NO_KEY = ApiError(
    401,
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
    "(i.e. Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.",
)
NO_MODEL = ApiError(400, "you must provide a model parameter")
NOT_JSON = ApiError(
    400,
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
    "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)",
)
TOO_LARGE = ApiError(413, "The request body is too large.")  # synthetic: no captured body
BROKEN = ApiError(500, "The server had an error while processing your request. Sorry about that!", type="server_error")
UNAVAILABLE = ApiError(503, "The engine is currently overloaded, please try again later.", type="server_error")
