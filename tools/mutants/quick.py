"""A pytest plugin: a property that fails is not shrunk, as only its failing counts."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", deadline=None, phases=phases, report_multiple_bugs=False)
    settings.load_profile("mutants")
