"""The suites are no test modules by name, and still their assertions should say what they compared."""

import pytest

pytest.register_assert_rewrite("tests.contract.store", "tests.contract.store_suite")
