"""Requests to the one server that a tool was given, and to nothing behind it or beside it."""

from aof.tools.http.addresses import Network
from aof.tools.http.client import HttpClient
from aof.tools.http.risk import request_line, risk_of
from aof.tools.http.settings import HttpSettings
from aof.tools.http.tool import HttpTool
from aof.tools.http.words import HttpAnswer, HttpFailed, HttpRefused

__all__ = [
    "HttpAnswer",
    "HttpClient",
    "HttpFailed",
    "HttpRefused",
    "HttpSettings",
    "HttpTool",
    "Network",
    "request_line",
    "risk_of",
]
