"""The assignment, its checker and its grader: what must be named, and what must not get
through."""
import json
import os
import random
import runpy
import subprocess
import sys
import zipfile
from itertools import combinations
from pathlib import Path

import pytest
from right_submissions import RIGHT
from wrong_submissions import WRONG

from mlp_from_scratch.assignment import END, read_cells, solution, write_assignment
from mlp_from_scratch.check import PLACES, Judge, check
from mlp_from_scratch.commands import mlp
from mlp_from_scratch.grader import write_grader
from mlp_from_scratch.museum import SLIPS
from mlp_from_scratch.submissions import FILES, Course, answer

ROOT = Path(__file__).parent.parent
NOTED = {"regression_ten_classes": "ten_classes",
         "two_layer_ten_classes": "ten_classes"}            # a note of another name


def judged(sources):
    "All findings on trusted sources, without processes."
    judge = Judge(lambda calls: [answer(Course(sources), each) for each in calls],
                  list(PLACES))
    return judge.findings.values()


def write(folder, sources, names=FILES):
    for role, text in sources.items():
        path = Path(folder, names[role])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def with_base(old, new):
    "The solution with a change of its base network."
    text = solution()["base"]
    assert text.count(old) == 1
    return solution() | {"base": text.replace(old, new)}


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assignment")
    write_assignment(folder)
    return folder


def test_the_task_in_the_package_is_the_notebook():
    made = runpy.run_path(str(ROOT / "docs" / "task.py"))
    assert made["packed"]() == made["TARGET"].read_text(encoding="utf-8"), \
        "run: python docs/task.py"


def named(sources):
    "The names of all slips that are told, those of notes among them."
    findings = judged(sources)
    return {slip for each in findings for slip in each.slips} | {
        note.partition(":")[0] for each in findings for note in each.notes}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_gets_its_own_name(name):
    assert {name, NOTED.get(name)} & named(SLIPS[name].sources())


@pytest.mark.parametrize("case", WRONG)
def test_a_students_mistake_gets_its_name(case):
    names, sources = WRONG[case]
    assert {*names, *map(NOTED.get, names)} & named(sources)


@pytest.mark.parametrize("case", RIGHT)
def test_no_false_alarm(case):
    assert {each.status for each in judged(RIGHT[case])} == {"right"}


def pairs_of_slips(n):
    "Pairs that can stand in one submission, drawn at random."
    every = list(combinations(SLIPS.values(), 2))
    random.Random(14).shuffle(every)
    for first, second in every:
        try: yield (first.name, second.name), second.sources(0, first.sources(0))
        except ValueError: continue                         # both change one line
        if not (n := n - 1): return


@pytest.mark.parametrize("names, sources", list(pairs_of_slips(60)),
                         ids=lambda value: "-".join(value) if isinstance(value, tuple)
                         else "")
def test_of_two_slips_one_gets_its_name(names, sources):
    assert {*names, *map(NOTED.get, names)} & named(sources)


def test_the_solution_is_right_and_the_stubs_are_not(assignment):
    assert check(assignment / "solution").right
    assert check(assignment / "solution" / "assignment.ipynb").right
    for path in ("student", "student/assignment.ipynb"):
        report = check(assignment / path)
        assert {each.status for each in report.findings} == {"not written yet"}


def test_no_line_of_a_solution_is_in_what_students_get(assignment):
    from mlp_from_scratch.assignment import SOLUTION
    lines = {line.strip() for _, source in read_cells()
             for _, text in SOLUTION.findall(source) for line in text.splitlines()}
    telling = [line for line in lines if len(line) > 20]
    texts = [path.read_text(encoding="utf-8")
             for path in (assignment / "student").rglob("*") if path.is_file()]
    assert len(telling) > 40 and END not in "".join(texts)
    assert not [line for line in telling for text in texts if line in text]
    assert not [text for text in texts if "hidden_share" in text]


def test_the_public_tests_pass_on_the_solution_only(assignment):
    for name, code in (("solution", 0), ("student", 1)):
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p",
                               "no:cacheprovider"], cwd=assignment / name,
                              capture_output=True, text=True)
        assert done.returncode == code, done.stdout


def test_a_folder_as_it_is_handed_in(tmp_path):
    names = dict(FILES, base="HW 1/common/_baseNetwork.py", utils="HW 1/utils.py",
                 softmax_regression="HW 1/models/softmax_regression.py",
                 two_layer_net="HW 1/models/TwoLayerNet.py",
                 base_optimizer="HW 1/optimizers/_base_optimizer.py",
                 sgd="HW 1/optimizers/SGD.py")
    sources = solution()
    sources["base"] = sources["base"].replace("ReLU_dev", "ReLU_derivative")
    sources["softmax_regression"] = sources["softmax_regression"].replace(
        "ReLU_dev", "ReLU_derivative")
    sources["two_layer_net"] = sources["two_layer_net"].replace(
        "class TwoLayerNet", "class TwoLayerNeuralNet")
    sources["utils"] = ("import matplotlib.pyplot as plt\n"
                        "from collections import Iterable\n" + sources["utils"])
    write(tmp_path, sources, names)
    for other in ("__MACOSX/HW 1/utils.py", "HW 1/main.py", "HW 1/models/__init__.py"):
        (tmp_path / other).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / other).write_text("raise SystemExit('this must not run')")
    report = check(tmp_path)
    assert report.right, str(report)


ATTACKS = {
    "an endless loop": "while True: pass",
    "exit": "raise SystemExit(0)",
    "hard exit": "import os; os._exit(0)",
    "a file read": "return open('/etc/hostname').read()",
    "a file written": "open('{target}', 'w').write('won')",
    "a program": "import subprocess; subprocess.run(['touch', '{target}'])",
    "the network": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "memory": "return bytearray(10**11)",
    "recursion": "return self.softmax(scores)",
    "the parent": "import os; os.kill(os.getppid(), 9)",
    "the grader's memory": "open(f'/proc/{{__import__(\"os\").getppid()}}/mem', 'rb')",
    "an always-equal array": ("class A(np.ndarray):\n"
                              "            def __eq__(self, other): return True\n"
                              "        np.allclose = lambda *a, **k: True\n"
                              "        np.array_equal = lambda *a, **k: True\n"
                              "        return scores.view(A)"),
    "results of its own": ("import os; [os.write(n, b'[[{{\"result\": 1}}]]')"
                           " for n in range(3)]"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_no_trick_makes_a_question_right(tmp_path, name):
    target = tmp_path / "results.json"
    body = ATTACKS[name].format(target=target)
    sources = with_base("shifted = scores - scores.max(axis=1, keepdims=True)", body)
    report = check(write(tmp_path / "work", sources), "softmax", seconds=1)
    assert not report.right and not target.exists()


def test_points_are_written_by_the_grader_alone(tmp_path):
    write_grader(tmp_path / "grader.zip", seed=5)
    with zipfile.ZipFile(tmp_path / "grader.zip") as archive:
        archive.extractall(tmp_path / "source")
    (tmp_path / "env").symlink_to(sys.prefix)
    points = {}
    for name, sources in (("right", solution()), ("wrong", with_base(
            "E.sum(axis=1", "E.sum(axis=0"))):
        write(tmp_path / "submission", sources)
        subprocess.run(["bash", tmp_path / "source" / "run_autograder"], check=True,
                       env=dict(os.environ, AUTOGRADER=str(tmp_path)))
        results = json.loads((tmp_path / "results" / "results.json").read_text())
        points[name] = results["score"]
        assert {each["visibility"] for each in results["tests"]} == {"visible",
                                                                      "hidden"}
    assert points == {"right": 100, "wrong": 92}            # softmax has 8 points


def test_the_commands(tmp_path, capsys):
    assert mlp(["assignment", "--output", tmp_path / "a", "--seed", 3, "--quiet"]) == 0
    assert mlp(["check", tmp_path / "a" / "solution", "--json",
                "--html", tmp_path / "report.html"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["status"] for each in found} == {"right"}
    assert "<table>" in (tmp_path / "report.html").read_text()
    assert mlp(["check", tmp_path / "a" / "student", "--question", "softmax"]) == 0
    assert "0 of 1 right" in capsys.readouterr().out
