"""What Meta refuses about the body of a send, without knowing any account: pure functions of the body."""

from aof.simulator.errors import GraphError
from aof.simulator.settings import Count
from aof.simulator.validate.envelope import check
from aof.simulator.validate.report import Node, Report

__all__ = ["problems"]


def problems(body: object, count: Count = "code_points") -> list[GraphError]:
    """Everything that is wrong with it, the first being what Meta would answer; empty when it would be taken."""
    report = Report(count)
    if isinstance(body, dict):
        check(Node(report, "", body))
    else:
        report.param("Invalid parameter", "The request body is not a JSON object")  # synthetic details
    return report.errors
