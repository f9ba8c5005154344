from pathlib import Path

import pytest

from tests.unit.tools.program_bench import KUBECTL, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path / "bin")
    bench.program("kubectl", KUBECTL)
    return bench
