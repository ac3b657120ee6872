from hubbub.analysis.page.html import Html, join, table, tag


def test_only_html_made_here_stays_html() -> None:
    assert tag("p", "a<b", tag("b", "&"), class_='"x') == '<p class="&quot;x">a&lt;b<b>&amp;</b></p>'
    assert join([1, Html("<br>"), "<br>"]) == "1<br>&lt;br&gt;"
    assert tag("p", "5 %") == "<p>5&nbsp;%</p>"


def test_tables_set_numbers_to_the_right() -> None:
    text = table(["<a>", "n"], [["x", 3]])
    assert '<th scope="col">&lt;a&gt;</th>' in text
    assert '<td>x</td><td class="number">3</td>' in text
