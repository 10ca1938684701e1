"""Claims: no verdict is stored, each is computed now from the answers to its lines."""

import csv
from pathlib import Path

import pytest

from salesbot.answers.notes import OnlyFits
from salesbot.errors import PackRefused, TextError
from salesbot.packs.reading import read_pack
from salesbot.query.claims.expectation import expectation
from salesbot.serving.ingest import ingest_folder
from salesbot.settings import seed_pack
from salesbot.storage.snapshot_writer import write_snapshot
from salesbot.words import words_for
from tests.small_packs import pack_folder, text_of_problems

RESEARCHED = {
    row["claim"]: row["verdict"]
    for row in csv.DictReader((Path(__file__).parent / "researched_verdicts.csv").read_text().splitlines())
}
# what these posts say word for word is in no table, so no line can decide how they were retold
NOT_DECIDED = {"jia-accuses-copying", "musk-physical-limits"}


def test_every_statement_of_the_article_has_the_verdict_that_was_researched(seeds):
    found = {claim.id: claim.verdict for claim in seeds("/claims list").result.claims}
    assert len(found) == 48
    assert {id: verdict for id, verdict in found.items() if verdict != RESEARCHED[id]} == dict.fromkeys(
        NOT_DECIDED, "cannot tell"
    )


def test_the_shipped_notes_do_not_give_the_verdict_away():
    for claim in read_pack(seed_pack()).claims:
        assert not (claim.note or "").startswith(("agrees", "partly", "disagrees", "cannot tell", "opinion"))


def test_claims_are_filtered_by_speaker_launch_and_verdict(seeds):
    assert {c.speaker for c in seeds("/claims list speaker:netizen").result.claims} == {"netizen"}
    assert {c.verdict for c in seeds("/claims list verdict:disagrees").result.claims} == {"disagrees"}
    assert "sold-45000" in {c.id for c in seeds("/claims list launch:su7").result.claims}
    assert "ff-11-cars" not in {c.id for c in seeds("/claims list launch:su7").result.claims}
    assert {c.speaker for c in seeds("/claims list speaker:马斯克").result.claims} == {"Elon Musk"}


def test_one_claim_shows_the_lines_that_decide_it(seeds):
    answer = seeds("/claims check claim:sold-45000")
    assert answer.verdict == "partly"
    assert [(line.expects, line.verdict, line.is_only_fit) for line in answer.result.claims[0].lines] == [
        ("45000 about", "partly", True),  # it lies in the computed range, which does not show it
        ("45000 about", "disagrees", False),
    ]
    assert answer.caveats == (OnlyFits("sold-45000", "/orders total launch:su7 within:72h metric:locked_orders"),)


def test_a_verdict_follows_the_facts(facts):
    claims = 'id,checks,expects\nc,/prices show model:one on:2024-02-02,"{}"'
    prices = "id,low,high,valid_from\na,100,100,2024-02-01"
    assert facts(claims=claims.format("100"), prices=prices)("/claims check claim:c").verdict == "agrees"
    assert facts(claims=claims.format("99"), prices=prices)("/claims check claim:c").verdict == "disagrees"


@pytest.mark.parametrize(
    ("lines", "expects", "verdict"),
    [
        ("/prices show model:one on:2024-02-02;/prices show model:one on:2024-02-02", "100;99", "partly"),
        ("/prices show model:one on:2020-01-01", "100", "cannot tell"),
        ("/prices show model:one on:2024-02-02;/prices show model:one on:2020-01-01", "100;100", "partly"),
        ("/prices changes model:one", "first price", "agrees"),
        ("/prices changes model:one", "cut", "cannot tell"),  # without a day nothing is refuted
        ("/prices changes model:one since:2024-01-01", "cut", "disagrees"),
        ("/prices changes model:one since:2025", "none", "agrees"),
        ("/timeline gap first:x second:y", "before 1 day", "agrees"),
        ("/timeline gap first:y second:x", "before 1 day", "disagrees"),
        ("/timeline check first:y second:x", "a response", "partly"),
        ("/timeline check first:x second:y", "a response", "disagrees"),
        ("/timeline when what:x", "2024-03", "agrees"),
        ("/timeline when what:x", "2024-04", "disagrees"),
        ("/timeline events since:2024-03-01 until:2024-03-31", "has x", "agrees"),
        ("/timeline events since:2024-03-01 until:2024-03-31", "2", "agrees"),
    ],
)
def test_a_line_meets_its_expectation_or_not(facts, lines, expects, verdict):
    ask = facts(
        claims=f'id,checks,expects\nc,"{lines}","{expects}"',
        prices="id,low,high,valid_from\na,100,100,2024-02-01",
        events="id,name,at\nx,First,2024-03-28T10:00+08:00\ny,Second,2024-03-29T10:00+08:00",
    )
    assert ask("/claims check claim:c").verdict == verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("maybe", "a number, a range, about N"),
        ("1..", "a number, a range, about N"),
        ("5..2", "a range with the smaller number first"),
        ("2024-13", "a date and time that exist"),
        ("about", "a number, a range, about N"),
    ],
)
def test_what_is_no_expectation_is_refused_at_the_door(text, expected):
    with pytest.raises(TextError) as error:
        expectation(text)
    assert expected in words_for().message(error.value.expected)


def test_lines_and_expectations_that_cannot_be_read_are_problems_of_the_pack(tmp_path):
    folder = pack_folder(
        tmp_path / "p",
        claims="id,checks,expects\na,/orders total launch:nine,5\nb,/claims list,none\nc,/prices show model:one,maybe",
    )
    with pytest.raises(PackRefused) as refused:
        ingest_folder(folder, tmp_path / "s")
    found = text_of_problems(refused.value)
    assert [text.partition(":")[0] for text in found] == [
        "claims row 2, column E (checks)",
        "claims row 3, column E (checks)",
        "claims row 4, column F (expects)",
    ]
    assert list((tmp_path / "s").glob("*.sqlite")) == []


def test_a_snapshot_left_by_a_builder_that_died_does_not_let_a_bad_claim_in(tmp_path):
    folder = pack_folder(tmp_path / "p", claims="id,checks,expects\na,/orders total launch:nine,5")
    write_snapshot(read_pack(folder), tmp_path / "s")
    with pytest.raises(PackRefused):
        ingest_folder(folder, tmp_path / "s")
