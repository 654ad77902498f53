"""Formulas of the site, typeset at build time."""
import re
import sys

import pytest
from web import ROOT

sys.path.append(str(ROOT / "docs"))
typeset = pytest.importorskip("typeset", reason="needs the site's requirements")


def page(folder, *formulas):
    body = "".join(f'<p>By (3), <code>f (3)</code>.</p><div class="math">{each}</div>'
                   for each in formulas)
    (folder / "_static").mkdir()
    (folder / "a.html").write_text(body, encoding="utf-8")
    return folder / "a.html"


def test_a_formula_becomes_html_and_mathml(tmp_path):
    path = page(tmp_path, r"a &lt; \frac{1}{2} \tag{3}")
    typeset.typeset_pages(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "mjx-frac" in text and "<mo>&lt;</mo>" in text and r"\frac" not in text
    style = (tmp_path / "_static" / "math.css").read_text(encoding="utf-8")
    fonts = re.findall(r'url\("(mathjax/[^"]+)"\)', style)
    assert fonts and all((tmp_path / "_static" / font).is_file() for font in fonts)


def test_the_number_of_an_equation_leads_to_it(tmp_path):
    path = page(tmp_path, r"a = 1 \tag{3}")
    typeset.typeset_pages(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert 'By <a href="#equation-3">(3)</a>, <code>f (3)</code>' in text
    assert text.count('id="equation-3"') == 1 and "mjx-eqn" not in text


@pytest.mark.parametrize("tex", [r"\frac{1", r"\nosuch{1}"])
def test_a_wrong_formula_is_an_error_with_its_page(tmp_path, tex):
    page(tmp_path, tex)
    with pytest.raises(ValueError, match=f"^a: .* in the formula\n{re.escape(tex)}"):
        typeset.typeset_pages(tmp_path)


@pytest.mark.parametrize("tex, expected", [
    (r"aaaaaaaa = b, \qquad cc = dd", r"&aaaaaaaa = b,\\&cc = dd"),
    (r"aaaaaaaa = bbbbbbbb = cccccccc", r"&aaaaaaaa = bbbbbbbb\\&\quad = cccccccc"),
    (r"f(aaaaa = 1) = \frac{a = b}{c}", r"&f(aaaaa = 1)\\&\quad = \frac{a = b}{c}"),
    (r"aaaaaaaa = bbbbbbbb \tag{1}", r"&aaaaaaaa\\&\quad = bbbbbbbb"),
])
def test_a_wide_formula_breaks_between_statements_then_at_relations(tex, expected):
    text = typeset.in_lines(tex, lambda part: len(part.removesuffix(r"\qquad")))
    assert text.startswith(rf"\begin{{aligned}}{expected}\end{{aligned}}"), text
