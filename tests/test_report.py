"""The command `mlp_report` as a user meets it: a process that is given wrong things and
is interrupted, and the documents it leaves."""
import csv
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.pyplot as plt
import pypdf
import pytest
from digits import write_digits
from processes import argv, interrupt_when

from mlp_from_scratch import commands, report
from mlp_from_scratch.answers import markdown_nodes, read_answers
from mlp_from_scratch.commands import mlp_report
from mlp_from_scratch.course_runs import course_experiments
from mlp_from_scratch.data import load_dataset
from mlp_from_scratch.explanations import TOPICS, explanations
from mlp_from_scratch.report import (copy_template, csv_rows, find_template,
                                     question_pages, report_data, typeset, write_report)
from mlp_from_scratch.runs import Failure, Result, run

COMMAND = Path(sys.executable).with_name("mlp_report")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the data set `digits`: 300 training and 50 test images of 6 by 6
    pixels in 3 classes that are easy to tell apart."""
    place = tmp_path_factory.mktemp("report")
    write_digits(place / "digits")
    return place


def arguments(place, *args):
    return [COMMAND, "--quick", "--dataset", place / "digits", "--jobs", "2", "--date",
            "May 2026", *map(str, args)]


def report_process(place, *args):
    return subprocess.run(arguments(place, *args), cwd=place, capture_output=True,
                          text=True, timeout=120)


HOSTILE = ("#panic() $ x $ @nobody <script>alert(1)</script> <!-- \\LaTeX \\u{41} "
           "`#eval(\"1\")` [click](javascript:alert(1)) " + "w" * 400)
OWN = r"""The step $\eta\,\nabla L$ is

$$W \leftarrow W - \eta\left(\frac{\partial L}{\partial W} + \lambda W\right)$$

| rate | accuracy |
|---|--:|
| 1 | high |

![my curves](my%20plot.png)

1. once
2. `twice`
"""


def indented(text): return "".join(f"  {line}\n" for line in text.splitlines())


@pytest.fixture(scope="module")
def made(place):
    """The folder of a finished report with hostile answers, in a changed copy of the
    template."""
    done = report_process(place, "--copy-template", "mine")
    assert done.returncode == 0, done.stderr
    file = place / "mine" / "report.typ"
    file.write_text(file.read_text().replace("= Tuned network",
                                             "= What I made of it"))
    (place / "answers.yaml").write_text(
        f"tuned: |\n  {HOSTILE}\nregularization:\nweights: |\n{indented(OWN)}")
    plt.imsave(place / "my plot.png", [[0, 1], [1, 0]])
    done = report_process(place, "--output", "made", "--template", "mine", "--answers",
                          "answers.yaml", "--author", "Ann *O'Neill* #1", "--course",
                          "<b>DL</b>")
    assert done.returncode == 0, done.stderr
    # the progress bars
    assert "10/10" in done.stderr and "35/35" in done.stderr
    said = ("saved made/report.pdf, made/report.html, made/questions.csv, "
            "made/results.csv")
    assert said in done.stdout
    return place / "made"


CLOSER = ["weights_softmax_regression", "weights_two_layer_net",
          "confusion_softmax_regression", "confusion_two_layer_net", "mistakes",
          "dead_logits", "relu_study"]


def files_in(folder): return {path.name for path in folder.iterdir()}


def one_line(text):
    return " ".join(text.replace("\u200b", "").replace("\u00ad", "").split())


def test_the_files(made):
    assert files_in(made) == {
        "report.pdf", "report.html", "results.csv", "questions.csv", "figures", "runs",
        "data"}
    names = [*course_experiments(), "learning_rate", "regularization"]
    expected = {f"{name}_{quantity}.{ending}" for name in names
                for quantity in ("loss", "accuracy") for ending in ("svg", "png")}
    expected |= {f"{name}.{ending}" for name in CLOSER for ending in ("svg", "png")}
    assert files_in(made / "figures") == expected
    rows = list(csv.DictReader((made / "results.csv").read_text().splitlines()))
    assert [row["experiment"] for row in rows] == list(course_experiments())
    assert not any("second" in column for column in rows[0])
    assert all(float(row["test_accuracy"]) <= 1 for row in rows)


def test_the_pdf(made):
    pdf = pypdf.PdfReader(made / "report.pdf")
    pages = [page.extract_text() for page in pdf.pages]
    text = one_line(" ".join(pages))
    for i, page in enumerate(pages): assert f"{i + 1} / {len(pages)}" in page
    for expected in ("Ann *O'Neill* #1", "<b>DL</b>", "May 2026", "Contents",
                     "The two models", "What I made of it", "How to repeat this",
                     "Table 1", "Figure 20", "A quick try",
                     "The best validation accuracies are", "0.0001", "NumPy", "seed"):
        assert expected in text.replace("’", "'"), expected
    assert 20 < len(pages) < 40
    assert not any(page.startswith("7 Tuned network") for page in pages)
    assert len(pdf.outline) >= 9
    assert pdf.metadata.title == "Softmax regression and a two-layer network"


class Page(HTMLParser):
    "Checks that every element is closed in order, and collects the elements."
    VOID = {"meta", "img", "br", "hr", "link", "input", "mspace", "col", "wbr"}
    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text = [], [], []
        self.feed(text)
        self.close()
        assert not self.open
    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID: self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
    def handle_endtag(self, tag): assert self.open.pop() == tag
    def handle_data(self, data): self.text.append(data)


def test_the_web_page_needs_nothing_else(made):
    source = (made / "report.html").read_text(encoding="utf-8")
    page = Page(source)
    tags = [tag for tag, _ in page.elements]
    assert source.startswith("<!DOCTYPE html>") and tags.count("h1") == 1
    assert tags.count("figure") == 24 and tags.count("table") == 5
    assert "math" in tags and "nav" in tags
    assert not {"script", "link", "iframe", "object"} & set(tags)
    images = [attributes for tag, attributes in page.elements if tag == "img"]
    alts = [image["alt"] for image in images]
    assert len(images) == 35 + 3 and alts.count("my curves") == 1
    assert r"\eta\,\nabla L" in alts                      # a formula is read aloud
    assert sum(len(alt) > 40 for alt in alts) >= 36
    for image in images: assert image["src"].startswith("data:image/svg+xml;base64,")
    for tag, attributes in page.elements:
        assert not attributes.get("src", "data:").startswith("http")
        assert not any(name.startswith("on") for name in attributes)
        assert not attributes.get("href", "").startswith(("http", "javascript"))
    style = "".join(re.findall("<style>(.*?)</style>", source, re.DOTALL))
    assert "prefers-color-scheme: dark" in style and "url(" not in style
    assert "@import" not in style
    links = [attributes["href"][1:] for tag, attributes in page.elements if tag == "a"]
    assert len(links) > 20
    assert set(links) <= {attributes.get("id") for _, attributes in page.elements}


def test_an_answer_is_shown_and_never_run(made):
    visible = [
        "#panic() $ x $ @nobody <script>alert(1)</script> <!-- \\LaTeX \\u{41} "
        "#eval(\"1\") [click](javascript:alert(1)) ", "w" * 400]
    html = one_line(
        "".join(Page((made / "report.html").read_text(encoding="utf-8")).text))
    pdf = one_line(" ".join(page.extract_text()
                            for page in pypdf.PdfReader(made / "report.pdf").pages))
    for text in visible: assert one_line(text) in html
    squeezed = re.sub(r"\W", "", pdf)
    assert re.sub(r"\W", "", visible[0]) in squeezed
    # in several pieces, if a page ends within it
    assert sum(map(len, re.findall("w{10,}", squeezed))) == 400
    shown = [alt for _, alt in pictures(pypdf.PdfReader(made / "report.pdf"))]
    assert {"my curves", r"\eta\,\nabla L"} < set(shown)
    assert any(r"\frac{\partial L}{\partial W}" in alt for alt in shown)
    # an empty answer leaves the note, which says what it is
    assert "The tuned network differs" not in html
    assert "The best validation accuracies are" in html
    assert html.count("Generated from the runs") == len(TOPICS) - 2


def page_of(element, numbers):
    "The page of an element of a PDF's structure: its own, or that of something in it."
    if not isinstance(element, dict): return None
    if "/Pg" in element: return numbers[element.raw_get("/Pg").idnum]
    inside = element.get("/K")
    for each in inside if isinstance(inside, list) else [inside]:
        page = page_of(each.get_object() if hasattr(each, "get_object") else each,
                       numbers)
        if page is not None: return page


def pictures(pdf):
    "Pairs of a page, counted from 1, and the alternative text of a picture on it."
    numbers = {page.indirect_reference.idnum: i
               for i, page in enumerate(pdf.pages, 1)}
    def walk(element):
        element = element.get_object() if hasattr(element, "get_object") else element
        if isinstance(element, list): return sum(map(walk, element), [])
        if not isinstance(element, dict): return []
        own = [(page_of(element, numbers), element["/Alt"])
               ] if "/Alt" in element and element["/S"] == "/Figure" else []
        return own + (walk(element["/K"]) if "/K" in element else [])
    return walk(pdf.trailer["/Root"]["/StructTreeRoot"]["/K"])


ON_PAGE = {                                                 # begins an alternative text
    "Softmax regression: loss": "Softmax regression",
    "Softmax regression: accuracy": "Softmax regression",
    "Two-layer network: loss": "Two-layer network",
    "Two-layer network: accuracy": "Two-layer network",
    "Learning rate: ": "Learning rate", "Regularization: ": "Regularization",
    **{f"{kind} {value}: ": f"{kind} {value}" for kind, values in (
        ("Learning rate", ("1", "0.1", "0.05", "0.01")),
        ("Regularization", ("1", "0.1", "0.01", "0.001", "0.0001")))
       for value in values},
    "Tuned network: ": "Tuned network",
    "Softmax regression: 3 images": "Weights as images",
    "Two-layer network: 128 images of weights": "Weights as images",
    "Softmax regression: a table": "Confusion matrices",
    "Two-layer network: a table": "Confusion matrices",
    "Images that": "The most confident mistakes", "For each class": "Dead logits",
    "For each data set": "With and without ReLU on the logits"}


@pytest.mark.parametrize("form", ["pages", "slides"])
def test_each_question_keeps_to_its_own_pages(results, tmp_path, form):
    "Figures, captions, and the name at the top of every page."
    write_report(results, tmp_path, form=form, title_block={"author": "Ann"})
    pdf = pypdf.PdfReader(
        tmp_path / {"pages": "report.pdf", "slides": "slides.pdf"}[form])
    texts = [one_line(page.extract_text()) for page in pdf.pages]
    rows = list(csv.DictReader((tmp_path / "questions.csv").read_text().splitlines()))
    question_of = {}
    for row in rows:
        for page in range(int(row["first_page"]), int(row["last_page"]) + 1):
            assert page not in question_of
            question_of[page] = row["question"]
    assert sorted(question_of) == list(range(1, len(pdf.pages) + 1))
    for page, text in enumerate(texts, 1):
        assert text.startswith(f"{question_of[page]} Ann"), (page, text[:80])
        assert text.endswith(f"{page} / {len(texts)}")
    found = pictures(pdf)
    assert len(found) == 35
    for page, alt in found:
        [question] = [name for start, name in ON_PAGE.items() if alt.startswith(start)]
        assert re.sub(r"^[\d.]+ ", "", question_of[page]) == question, alt
    for i in range(1, 21):
        assert sum(f"Figure {i}: " in text for text in texts) == 1, i
    for row in rows:                                        # the last page lists them
        pages = row["first_page"] if row["first_page"] == row["last_page"] else (
            f"{row['first_page']}–{row['last_page']}")
        assert f"{row['question']} {pages}" in texts[-1]
    named = [entry["/Title"] for entry in pdf.outline if not isinstance(entry, list)]
    assert named == [row["question"] for row in rows[1:]
                     if re.match(r"\d+ ", row["question"])]
    wide = pdf.pages[0].mediabox
    assert (wide.width > wide.height) == (form == "slides")


@pytest.fixture
def no_figures(monkeypatch):
    "For what the figures don't matter to: they take most of the time."
    monkeypatch.setattr(report, "write_figures", lambda *given: {})


@pytest.mark.usefixtures("no_figures")
def test_only_answers_leaves_the_notes_out(results, tmp_path):
    answers = {"tuned": markdown_nodes("I changed the rate.")}
    write_report(results, tmp_path, answers=answers, only_answers=True)
    html = one_line("".join(Page((tmp_path / "report.html").read_text()).text))
    assert "I changed the rate." in html and "Generated from the runs" not in html
    assert "The best validation accuracies" not in html


@pytest.mark.usefixtures("no_figures")
def test_a_template_without_questions_gives_no_list_of_them(results, tmp_path):
    (tmp_path / "plain.typ").write_text("Hello")
    (tmp_path / "questions.csv").write_text("of an earlier report")
    assert question_pages(report_data(results), tmp_path / "plain.typ") == []
    paths = write_report(results, tmp_path, template=tmp_path / "plain.typ")
    assert not (tmp_path / "questions.csv").exists()
    assert tmp_path / "questions.csv" not in paths


def test_a_configuration_of_ones_own(place, tmp_path, monkeypatch):
    own = tmp_path / "my.yaml"
    own.write_text("Train: {learning_rate: 0.3, epochs: 1}\nModel: {hidden_size: 5}")
    (tmp_path / "tuning.csv").write_text(
        "learning_rate,l2,init_std,momentum,schedule,batch_size,epochs,seed,"
        "valid_accuracy\n0.3,0.001,0.001,0.0,constant,64,1,0,0.5\n")
    def made(*args):
        done = report_process(place, "--output", tmp_path / "out", "--tuned", own,
                              *args)
        html = tmp_path / "out" / "report.html"
        return done, one_line("".join(Page(html.read_text()).text)
                              ) if html.exists() else ""
    done, html = made()
    assert done.returncode == 0, done.stderr
    assert "5 hidden units, learning rate 0.3" in html
    assert "found by a search" not in html                  # which had 128 hidden units
    assert "What each change" not in html                   # not in a quick try
    rows = list(csv.DictReader(
        (tmp_path / "out" / "results.csv").read_text().splitlines()))
    assert rows[-1]["n_hidden"] == "5" and rows[-1]["epochs"] == "2"
    own.write_text("Train: {learning_rate: 0.3, epochs: 2}")
    (tmp_path / "tuning.csv").write_text(
        (tmp_path / "tuning.csv").read_text().replace(",1,0,", ",2,0,"))
    asked = {}
    monkeypatch.setattr(commands, "write_report",
                        lambda *given, **named: asked.update(studies=given[2]) or [])
    assert mlp_report(argv(dataset=place / "digits", quick=True, quiet=True, tuned=own,
                           output=tmp_path / "out")) == 0
    [trial] = asked["studies"]["tune"]                      # the one in the file
    assert trial["valid_accuracy"] == 0.5 and asked["studies"]["ablation"] == []
    for text, message in {"Model: {type: SoftmaxRegression}": "takes a TwoLayerNet",
                          "Data: {name: fashion-mnist}": "the data fashion-mnist",
                          "Train: {lerning_rate: 1}": "lerning_rate"}.items():
        own.write_text(text)
        done, _ = made()
        assert done.returncode == 2 and message in done.stderr
        assert done.stderr.count("\n") == 1
    own.write_text("Train: {epochs: 1}")
    (tmp_path / "tuning.csv").write_text("a,b\n1,2\n")
    done, _ = made()
    assert done.returncode == 2 and "tuning.csv" in done.stderr


@pytest.mark.usefixtures("no_figures")
def test_the_ablation_of_ones_own_configuration(results, place, tmp_path):
    from dataclasses import replace
    from mlp_from_scratch.studies import ablation
    tuned = replace(results["tuned"].config, l2=0.001, schedule="constant",
                    momentum=0.0, init_std=0.1, batch_size=10, learning_rate=0.1)
    rows = ablation(tuned, tmp_path / "runs", progress=False)
    mine = results | {"tuned": run(tuned, progress=False)}
    write_report(mine, tmp_path, {"ablation": rows})
    html = one_line("".join(Page((tmp_path / "report.html").read_text()).text))
    assert "One setting goes back to its default" in html and "init std" in html
    accuracy = rows[0]["valid_accuracy"]
    assert accuracy == mine["tuned"].scores["valid"][1]
    write_report(results, tmp_path, {"ablation": rows})     # of another configuration
    assert "goes back to its default" not in (tmp_path / "report.html").read_text()


def test_interrupted_and_started_again_it_gives_the_same(place, made):
    # of the progress bars
    moments = [r" 0/10 ", r" [1-9]/10 ", r" [3-9]/35 "]
    for moment in moments:
        # the workers as well
        done = interrupt_when(moment, arguments(place, "--output", "again"), place,
                              group=True)
        assert done.returncode == 130, (moment, done.stderr)
        assert "mlp_report: interrupted" in done.stderr
        assert "Traceback" not in done.stderr
        assert not (place / "again" / "report.pdf").exists()
    done = report_process(place, "--output", "again", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (place / "again" / "results.csv").read_bytes() == (
        made / "results.csv").read_bytes()
    assert files_in(place / "again" / "figures") == files_in(made / "figures")
    for path in (made / "figures").iterdir():
        again = place / "again" / "figures" / path.name
        assert again.read_bytes() == path.read_bytes(), path.name


WRONG = {
    "quick and full": (dict(quick=True, full=True), "exclude each other"),
    "no jobs": (dict(jobs=0), "`jobs` must be at least 1"),
    "negative seed": (dict(seed=-1), "`seed` must be at least 0"),
    "no such data": (dict(dataset="nowhere"), "nowhere"),
    "output is a file": (dict(output="file.txt"), "is not a folder"),
    "output holds something else": (dict(output="broken"),
                                    "broken is not empty and holds no earlier report"),
    "no such template": (dict(template="nowhere"), "there is no template"),
    "template of another kind": (
        dict(template="file.txt"),
        "can't be typeset: file.txt:1: unknown variable: nonsense"),
    "broken template": (dict(template="broken"), "report.typ:3: expected pattern"),
    "copy over files": (dict(copy_template="broken"), "is not an empty folder"),
    "answer that Typst refuses": (dict(answers="address.yaml"), "URL is too long"),
    "no such answers": (dict(answers="nowhere.yaml"), "nowhere.yaml"),
    "wrong topic": (dict(answers="topic.yaml"),
                    "unknown topic 'lerning_rate'; known are softmax_regression"),
    "a list": (dict(answers="list.yaml"),
               "the text of `tuned` must be a text, got a list"),
    "not YAML": (dict(answers="broken.yaml"), "is not a YAML file"),
    "not text": (dict(answers="bytes.yaml"), "is not a YAML file"),
    "a program": (dict(answers="program.yaml"), "tags (!) are not allowed"),
    "a folder": (dict(answers="broken"), "broken"),
    "a wrong formula": (dict(answers="formula.yaml"),
                        "the text of `tuned`, line 2: the formula $x_{$"),
    "a picture of the network": (dict(answers="remote.yaml"),
                                 "line 1: the picture 'http://a.b/c.png' must be"),
    "no such configuration": (dict(tuned="nowhere.yaml"), "nowhere.yaml"),
}


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    "The working folder, with every wrong file that `WRONG` names."
    (tmp_path / "file.txt").write_text("#nonsense")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "report.typ").write_text("= Title\n\n#let = 3\n")
    for name, text in {
        "address": f"tuned: '[here](http://example.org/{'x' * 9000})'",
        "topic": "lerning_rate: x", "list": "tuned: [a, b]", "broken": "tuned: [",
        "program": "tuned: !!python/object/apply:os.system [echo]",
        "formula": "tuned: |\n  One\n  $x_{$",
        "remote": "tuned: '![](http://a.b/c.png)'"}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "bytes.yaml").write_bytes(b"tuned: \xff\xfe")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_gets_one_sentence_and_exit_code_2(case, faulty, capsys):
    options, expected = WRONG[case]
    assert mlp_report(argv(**{"output": "out"} | options)) == 2
    printed = capsys.readouterr()
    assert expected in printed.err and printed.err.startswith("mlp_report: error: ")
    assert printed.err.count("\n") == 1 and printed.out == ""
    assert not (faulty / "out").exists() and not (faulty / "runs").exists()
    assert len(list((faulty / "broken").iterdir())) == 1


def test_the_process_gives_the_exit_code(place):
    done = report_process(place, "--output", "digits/t10k-labels-idx1-ubyte")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert subprocess.run([COMMAND, "--nonsense"], capture_output=True).returncode == 2
    usage = subprocess.run([COMMAND, "--help"], capture_output=True, text=True)
    assert usage.returncode == 0
    for option in ("form", "tuned", "output", "jobs", "quick", "full", "dataset",
                   "seed", "template", "copy-template", "answers", "only-answers",
                   "author", "course", "date", "quiet"):
        assert re.search(rf"^ +--{option}\b.*\S", usage.stdout, re.MULTILINE), option


@pytest.fixture(scope="module")
def results(place):
    "Every experiment on the small data set, two epochs."
    from dataclasses import replace
    return {name: run(replace(config, dataset=str(place / "digits"), epochs=2),
                      progress=False) for name, config in course_experiments().items()}


def test_a_failed_run_is_reported(results, tmp_path):
    failed = {name: result for name, result in results.items()
              if name in ("softmax_regression", "two_layer_net", "l2_0.1", "l2_0.01")}
    failed["l2_1"] = Failure(results["l2_1"].config,
                             "FloatingPointError: training *diverged* #panic()")
    failed |= {name: Failure(result.config, "MemoryError")
               for name, result in results.items() if name not in failed}
    failed = {name: failed[name] for name in results}
    write_report(failed, tmp_path, dict(relu=[], scoreboard=[]))
    html = one_line(
        "".join(Page((tmp_path / "report.html").read_text(encoding="utf-8")).text))
    # softmax regression, the two-layer network and two strengths, and that group
    assert html.count("(left) and accuracy (right)") == 5
    assert "Regularization 1: this run failed." in html
    assert "FloatingPointError: training *diverged* #panic()" in html
    assert "Tuned network (failed)" in html and html.count("MemoryError") >= 7
    rows = {row["experiment"]: row for row in csv.DictReader(
        (tmp_path / "results.csv").read_text().splitlines())}
    assert "not made" not in html
    assert rows["l2_1"]["error"].startswith("FloatingPointError")
    assert rows["l2_1"]["test_accuracy"] == "" and rows["l2_0.1"]["error"] == ""
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("no_figures")
def test_when_all_runs_fail_the_report_is_made_and_the_exit_code_is_1(
    place, monkeypatch, capsys):
    asked = []
    def fail(configs, output, **where):
        asked.extend(configs)
        return [Failure(config, "OSError: no space left on device")
                for config in configs]
    monkeypatch.setattr(commands, "run_all", fail)
    out = place / "all failed"
    assert mlp_report(argv(dataset=place / "digits", output=out, seed=7,
                           quiet=True)) == 1
    message = capsys.readouterr().err
    assert "12 of 12 runs" in message
    assert "tuned (OSError: no space left on device)" in message
    assert message.count("\n") == 1
    assert {config.seed for config in asked} == {7}
    assert {config.dataset for config in asked} == {str(place / "digits")}
    assert asked[0].epochs == 10
    html = (out / "report.html").read_text(encoding="utf-8")
    assert html.count("this run failed") == 12
    assert html.count("The run tuned failed") == 1
    assert html.count("There is no run to explain here.") == 4
    assert (out / "report.pdf").exists()
    assert (out / "results.csv").read_text().count("no space left") == 12


def test_every_number_in_the_explanations_follows_the_results(results):
    "Another history gives another text, for every topic."
    texts = explanations(results)
    assert tuple(texts) == TOPICS and all(texts.values())
    for name, topic in {"softmax_regression": "softmax_regression",
                        "two_layer_net": "two_layer_net",
                        "learning_rate_0.01": "learning_rate", "l2_1": "regularization",
                        "tuned": "tuned"}.items():
        old = results[name]
        other = Result(old.config, old.model, old.history,
                       old.scores | {"valid": (9.0, 0.0123)}, old.seconds)
        changed = explanations(results | {name: other})
        assert changed[topic] != texts[topic] and ("1.2%" in changed[topic])


def test_the_same_input_gives_the_same_documents(results):
    data = report_data(results, notes=explanations(results), author="A", date="2026")
    for form in ("pdf", "html"):
        first, second = (typeset(data, find_template(), form) for _ in range(2))
        assert first == second
    assert csv_rows(results) == csv_rows(results)


def test_any_markdown_can_be_typeset(results, tmp_path):
    texts = [
        "", "\n\n",
        "# A heading\n\n> quoted\n\n1. one\n2. two\n   - nested\n\n```\n#code "
        "<b>\n```\n\n---\n\n    indented", "> " * 45 + "deep", "*" * 500,
        "*" * 300 + "deep" + "*" * 300, "[" * 500,
             "1. " * 40 + "deep", "&amp; &#0; &lt;", "\u202e right to left \u0000",
             "[a](http://example.org) [b](mailto:x@y.z) [c](file:///etc/passwd)",
             "e\u0301 漢字 😀", "[here]() and [*there*](<>) and [](x)",
             "a\x00\x07\x1b[0m\x7f\r\nb\tc",
             "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 |",
             "$$\n" + "x + " * 40 + "x\n$$", "- $x$\n\n  > $$y$$ and **$z$** deep",
             "|" + "a|" * 40 + "\n|" + "-|" * 40 + "\n|" + "1|" * 40]
    for text in texts:
        assert isinstance(markdown_nodes(text), list)
        for form in ("pdf", "html"):
            made = typeset(report_data(results, notes=dict.fromkeys(TOPICS, text)),
                           find_template(), form)
        # nothing is lost
        if "deep" in text: assert b"deep" in made


@pytest.mark.parametrize("form", ["pages", "slides"])
def test_typst_leaves_nothing_out(results, tmp_path, form):
    "What stands where it can't be shown would only be a warning."
    import json
    import typst
    plt.imsave(tmp_path / "my plot.png", [[0, 1], [1, 0]])
    text = (f"{OWN}\n\nIn a line $$x^2$$, ![one](my%20plot.png) **$$y$$ and "
            "![two](my%20plot.png)**.\n\n- $$z$$\n\n> ![three](my%20plot.png)\n\n"
            "| $$a$$ | ![four](my%20plot.png) |\n|---|---|\n| [$b$](http://a.b) | |")
    (tmp_path / "answers.yaml").write_text("tuned: |\n" + indented(text))
    data = report_data(results, answers=read_answers(tmp_path / "answers.yaml"),
                       form=form)
    made, warnings = typst.compile_with_warnings(
        str(find_template()), format="pdf", sys_inputs={"report": json.dumps(data)})
    assert [str(warning) for warning in warnings] == []
    (tmp_path / "made.pdf").write_bytes(made)
    shown = [alt for _, alt in pictures(pypdf.PdfReader(tmp_path / "made.pdf"))]
    for alt in ("my curves", "one", "two", "three", "four", "x^2", "y", "z", "a", "b"):
        assert shown.count(alt) == 1, alt
    html = typeset(data, find_template(), "html").decode()
    for alt in ("my curves", "two", "four", "x^2", "y", "b"):
        assert html.count(f'alt="{alt}"') == 1


def test_a_template_may_have_files_of_its_own(results, tmp_path):
    copy_template(tmp_path / "mine")
    (tmp_path / "mine" / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" '
        'height="9"/></svg>')
    file = tmp_path / "mine" / "report.typ"
    file.write_text(file.read_text().replace(
        "#title-block()", '#image("logo.svg", alt: "our logo")\n#title-block()'))
    assert 'alt="our logo"' in typeset(
        report_data(results), find_template(tmp_path / "mine"), "html").decode()


def test_control_characters_are_left_out(results):
    data = report_data(results, notes={"tuned": "one\x00\x1b\x7f\n\ntwo"},
                       author="A\x00nn", course="D\x1bL", title="R\x7feport",
                       date="\x0b2026")
    assert (data["author"], data["course"], data["title"],
            data["date"]) == ("Ann", "DL", "Report", "2026")
    assert data["texts"]["tuned"]["blocks"] == markdown_nodes("one\n\ntwo")
    for form in ("pdf", "html"): assert typeset(data, find_template(), form)


@pytest.mark.usefixtures("no_figures")
def test_quick_has_a_folder_of_its_own(place, monkeypatch):
    "A try must not replace the real report."
    asked = []
    def fail(configs, output, **where):
        asked.append(output)
        return [Failure(config, "MemoryError") for config in configs]
    monkeypatch.setattr(commands, "run_all", fail)
    monkeypatch.chdir(place)
    for quick in ({}, {"quick": True}):
        assert mlp_report(argv(dataset=place / "digits", quiet=True, **quick)) == 1
    assert [str(path) for path in asked] == ["runs/report/runs",
                                             "runs/report-quick/runs"]
    before = (place / "runs" / "report" / "report.html").read_bytes()
    assert b"A quick try" not in before
    assert b"A quick try" in (
        place / "runs" / "report-quick" / "report.html").read_bytes()


def test_a_run_near_chance_is_drawn_on_a_wide_axis(results, tmp_path):
    from dataclasses import replace
    from mlp_from_scratch.training import History
    low, high = (replace(results["l2_1"], history=History(
        [2.0, 2.0], [0.1, share], [2.0, 2.0], [0.1, 0.11])) for share in (0.11, 0.9))
    pictures = []
    for result in (low, high):
        report.write_figures({"l2_1": result}, tmp_path,
                             load_dataset("mnist", raw=True), relu_rows=[])
        pictures.append((tmp_path / "l2_1_accuracy.svg").read_text())
    assert "50%" in pictures[0] and "80%" in pictures[1]


def test_a_restless_run_is_named(results):
    from dataclasses import replace
    from mlp_from_scratch.training import History
    valid = [0.1, 0.2, 0.6, 0.3, 0.9, 0.5]
    old = results["l2_0.1"]
    run = replace(old, history=History([1.0] * 6, valid, [1.0] * 6, valid),
                  scores=old.scores | {"valid": (0.5, 0.9)})
    text = explanations(results | {"l2_0.1": run})["regularization"]
    assert "between 30.0% in epoch 4 and 90.0% in epoch 5" in text
    assert "The best epoch, 5, picks a high point, 90.0%." in text
    assert "The last epoch has 50.0%." in text
