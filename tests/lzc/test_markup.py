"""Markup that is put together outside templates: text stays text."""

from lzc.web.markup import drawn, joined


def test_text_is_escaped_and_markup_is_not_escaped_again() -> None:
    bold = drawn("<b>%s</b>", "<i>\"'&")
    assert bold == "<b>&lt;i&gt;&quot;&#x27;&amp;</b>"
    assert drawn("<p>%s, %s</p>", bold, "a < b") == f"<p>{bold}, a &lt; b</p>"
    assert joined(" & ", [bold, "<"]) == f"{bold} &amp; &lt;"


def test_braces_in_a_text_fill_in_nothing() -> None:
    assert drawn("<b>%s</b>", "%s {0} %") == "<b>%s {0} %</b>"
