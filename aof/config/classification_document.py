"""A ToolClassification document becomes a `ClassificationFile`."""

from collections.abc import Mapping

from aof.config.classification import ClassificationConfig, ClassificationFile
from aof.config.document import Node
from aof.config.problem import Place
from aof.config.read import Reader
from aof.config.resource import read_resource
from aof.domain.risk import Risk, highest


def read_classification(root: Node, reader: Reader) -> ClassificationFile | None:
    """The classification; None where it is refused."""
    config, _ = read_resource(root, reader, ClassificationConfig)
    if config is None:
        return None
    tools = {program: phrases.by_risk for program, phrases in config.spec.tools.items()}
    for program, phrases in tools.items():
        _doubt_doubles(phrases, ("spec", "tools", program), reader)
    patterns = config.spec.generic_patterns.by_risk
    return ClassificationFile(config.metadata.name, tools, patterns, reader.findings.file, reader.lines[()])


def _doubt_doubles(phrases: Mapping[Risk, tuple[str, ...]], place: Place, reader: Reader) -> None:
    classes: dict[str, list[Risk]] = {}
    for risk, listed in phrases.items():
        for phrase in listed:
            classes.setdefault(" ".join(phrase.split()), []).append(risk)
    for phrase, risks in classes.items():
        if len(risks) > 1:
            graver = highest(*risks)
            at = (*place, graver.value)
            problem = f"{phrase} is in {' and '.join(dict.fromkeys(risks))}, and counts as {graver}"
            reader.findings.warn(reader.lines[at], at, problem, "Keep one of them.")
