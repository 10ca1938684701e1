"""What people write is put into texts as it is: no brace of theirs is a field, and none reaches into the program."""

import pytest

from salesbot.errors import QuestionError
from salesbot.words import words_for

ATTACK = "{words.__class__.__init__.__globals__} {0} {name!r} %s ${x}"
ORDERS = f"""id,launch,metric,low,high,precision,period_to,said_by,sources
a,one,orders,4000,4000,1,2024-03-29,"{ATTACK}",s1"""


@pytest.mark.parametrize("locale", ["en", "zh-CN", "zh-TW"])
def test_braces_of_a_pack_are_only_text(facts, locale):
    answer = facts(orders=ORDERS)("/orders total launch:one metric:orders")
    text = words_for(locale).answer(answer)
    assert ATTACK in str(text).replace("\\", "")


@pytest.mark.parametrize("locale", ["en", "zh-CN", "zh-TW"])
def test_braces_that_somebody_typed_are_only_text(facts, locale):
    with pytest.raises(QuestionError) as told:
        facts()(f'/orders total launch:"{ATTACK}"')
    assert ATTACK in words_for(locale).error(told.value).message
