"""The engine against the reference: a short run over random packs, always the same ones."""

from __future__ import annotations

from . import engine
from .run import run_packs
from .small import small_pack


def test_the_engine_answers_random_questions_as_the_contract_says() -> None:
    result = run_packs(packs=60, questions=12, seed="test")
    assert result.invalid == 0, result.problems
    assert result.total("no opinion") < 0.2 * sum(result.counts.values())
    assert result.total("wrong") == 0, "\n".join(f"{number} x {kind}" for kind, number in result.kinds.most_common())
    assert result.total("right") > 500


def test_the_same_seed_makes_the_same_packs() -> None:
    from .packs import make_pack

    features = engine.features()
    assert make_pack("seed-7", features) == make_pack("seed-7", features)


def test_nothing_in_the_reference_imports_the_engine() -> None:
    from pathlib import Path

    files = list((Path(__file__).parent / "reference").glob("*.py"))
    assert files
    assert not [file.name for file in files if "salesbot" in file.read_text(encoding="utf-8")]


def test_a_small_pack_has_every_table() -> None:
    assert set(small_pack("launches id=one").tables) >= {
        "sources",
        "names",
        "launches",
        "orders",
        "prices",
        "events",
        "claims",
    }
