"""``make try``: what a newcomer sees first, and lines that are pasted."""

import os
import socket
import subprocess
import sys

import pytest
from simcord.actors import MemberActor

from playground import pasted_lines
from playground.world import FIRST_LINE, world
from salesbot.settings import Settings, seed_pack


@pytest.fixture
def pasting(monkeypatch):
    """What the playground changes in the simulated Discord, for one test."""
    monkeypatch.setattr(MemberActor, "send", MemberActor.send)


def told(channel):
    return [message.content or str([one.to_dict() for one in message.components]) for message in channel.history()]


async def test_it_opens_with_a_welcome_and_a_question_with_its_answer(tmp_path, pasting):
    async with world(Settings(pack_dir=seed_pack(), data_dir=tmp_path)) as place:
        welcome, line, answer = told(place.channel)
        assert "Hello from salesbot" in welcome and line == FIRST_LINE and "106,200–118,000" in answer
        await place.member.send(place.channel, '/prices show model:"Model Y" trim:RWD on:2024-04-10')
        assert "263,900" in told(place.channel)[-1]
        count = len(told(place.channel))
        await place.member.send(place.channel, "and / in the middle")
        assert len(told(place.channel)) == count + 1


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("/orders total lunch:su7", "/orders total has no option 'lunch'"),
        ("/orders totl launch:su7", "No question is called '/orders totl'"),
        ("/no such command", "is not an option with a value"),
        ("/data status shared:maybe", "No question is called '/data status'"),
        ("/orders total", "/orders total needs launch"),
    ],
)
async def test_a_slip_in_a_pasted_line_is_answered(tmp_path, pasting, monkeypatch, line, reply):
    replies = []

    async def noted(self, *where, _slash=MemberActor.slash, **typed):
        replies.append(result := await _slash(self, *where, **typed))
        return result

    monkeypatch.setattr(MemberActor, "slash", noted)
    async with world(Settings(pack_dir=seed_pack(), data_dir=tmp_path)) as place:
        replies.clear()
        await place.member.send(place.channel, line)
        assert [reply in str(one.response.components) for one in replies] == [True]


def test_what_is_printed_can_be_pasted():
    from salesbot.questions.line import split_line
    from salesbot.words import words_for

    lines = [line.strip() for line in words_for().text("playground", url="").splitlines() if line.startswith("  /")]
    assert lines and all(split_line(line)[1] for line in lines)
    assert pasted_lines.MemberActor is MemberActor


@pytest.mark.parametrize("what", ["port", "folder"])
def test_what_keeps_it_from_starting_is_one_sentence_with_a_remedy(tmp_path, what):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = {**os.environ, "PORT": str(taken.getsockname()[1]) if what == "port" else "0"}
        command = [sys.executable, "-m", "playground"]
        found = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert found.returncode == 4 and found.stdout == ""
    [sentence] = found.stderr.strip().splitlines()
    assert "PORT=" in sentence
