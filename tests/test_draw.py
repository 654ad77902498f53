"""The command `mlp_draw` as a process, its file of weights, and the page in a browser:
its numbers are NumPy's."""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from processes import argv, interrupt_when
from web import serve

from mlp_from_scratch.all import *

COMMAND = Path(sys.executable).with_name("mlp_draw")
FILES = {"draw.html", "draw.js", "draw.css", "weights.bin", "weights.js"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What `mlp_draw` without options leaves: the finished process and the folder of
    the page."""
    place = tmp_path_factory.mktemp("draw")
    done = subprocess.run([COMMAND], cwd=place, capture_output=True, text=True,
                          timeout=300, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr
    return done, place / "runs" / "draw"


@pytest.fixture(scope="module")
def weights(made): return read_weights(made[1])


def read_weights(folder):
    "Model name -> what the file of weights says of it, with its arrays."
    content = (folder / "weights.bin").read_bytes()
    assert content[:4] == b"MLP1"
    offset, models = 8 + int.from_bytes(content[4:8], "little"), {}
    for model in json.loads(content[8:offset])["models"]:
        for name, shape in model["params"].items():
            assert offset % 4 == 0
            model["params"][name] = np.frombuffer(content, "<f4", np.prod(shape),
                                                  offset).reshape(shape)
            offset += 4 * np.prod(shape)
        models[model["model"]] = model
    assert offset == len(content)
    return models


def numpy_stages(weights, name, x):
    "All stages in float64, from the formulas."
    p, x = {key: value.astype(np.float64) for key, value in weights[name][
        "params"].items()}, x.ravel().astype(np.float64)
    if name == "SoftmaxRegression":
        Z = x @ p["W"]
        stages = {"Z": Z, "R": np.maximum(Z, 0)}
    else:
        Z = x @ p["W1"] + p["b1"]
        A = 1 / (1 + np.exp(-Z))
        stages = {"Z": Z, "A": A, "R": A @ p["W2"] + p["b2"]}
    return stages | {"S": np.exp(stages["R"]) / np.exp(stages["R"]).sum()}


def test_the_command_trains_what_it_is_not_given(made, weights):
    done, folder = made
    assert {path.name for path in folder.iterdir()} == FILES
    assert "training SoftmaxRegression" in done.stdout
    assert "open runs/draw/draw.html" in done.stdout and "epoch 5/5" in done.stderr
    assert weights["TwoLayerNet"]["test_accuracy"] > 0.96
    assert len(weights["SoftmaxRegression"]["dead"]) > 0
    assert (folder / "weights.bin").stat().st_size < 500_000


def test_given_models_are_written_to_the_last_bit(weights, tmp_path):
    models = SoftmaxRegression(relu_logits=False, seed=5,
                               init_std=1), TwoLayerNet(n_hidden=20, seed=6, init_std=1)
    for model in models: model.save(tmp_path / f"{type(model).__name__}.npz")
    done = subprocess.run([COMMAND, "--softmax", "SoftmaxRegression.npz", "--two-layer",
                           "TwoLayerNet.npz", "--output", "page", "--quiet"],
                          cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    content = (tmp_path / "page" / "weights.bin").read_bytes()
    arrays = b"".join(np.ascontiguousarray(param).tobytes() for model in models
                      for param in model.params.values())
    assert content.endswith(arrays) and b'"relu_logits": false' in content
    assert b'"n_hidden": 20' in content


WRONG = {
    "no such file": (dict(softmax="nowhere.npz"), "nowhere.npz"),
    "the other network": (dict(softmax="net.npz"),
                          "it holds a TwoLayerNet, not a SoftmaxRegression"),
    "not a model": (dict(two_layer="notes.txt"), "or no .npz file"),
    "other inputs": (dict(two_layer="small.npz"),
                     "`two-layer` must have 784 inputs and 10 classes, got 36 and 3"),
    "negative seed": (dict(seed=-1), "`seed` must be at least 0"),
    "output is a file": (dict(output="notes.txt"), "notes.txt already exists"),
    "output holds something else": (dict(output="in_use"),
                                    "in_use already exists and holds no earlier page"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_gets_one_sentence_and_exit_code_2(case, tmp_path, monkeypatch,
                                                     capsys):
    monkeypatch.chdir(tmp_path)
    TwoLayerNet().save("net.npz"), TwoLayerNet(n_inputs=36,
                                               n_classes=3).save("small.npz")
    Path("notes.txt").write_text("keep me")
    Path("in_use").mkdir(), Path("in_use/notes.txt").write_text("keep me")
    before = sorted(tmp_path.rglob("*"))
    arguments, expected = WRONG[case]
    assert mlp_draw(argv(**arguments)) == 2
    said = capsys.readouterr()
    assert said.err.startswith("mlp_draw: error: ") and expected in said.err
    assert said.err.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_an_unknown_option_gets_exit_code_2(tmp_path):
    done = subprocess.run([COMMAND, "--sotfmax", "x"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "unrecognized arguments" in done.stderr


def test_an_interrupt_leaves_no_half_page(tmp_path):
    done = interrupt_when("epoch 1/", [COMMAND], tmp_path)
    assert done.returncode == 130 and "mlp_draw: interrupted" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs" / "draw").exists()


# ---------- The page in a browser ----------

@pytest.fixture(scope="module")
def address(made):
    with serve(made[1]) as server: yield f"{server}/draw.html"


@pytest.fixture
def new_page(browser, address):
    """A function that opens the page; at the end no page may have had anything to
    complain about."""
    contexts, complaints = [], []

    def new_page(url=address, **options):
        contexts.append(browser.new_context(**{"reduced_motion": "reduce"} | options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        page.evaluate("drawDigit.ready.then(() => true)")
        return page

    yield new_page
    for context in contexts: context.close()
    assert complaints == []


def answer(page): return page.inner_text(".dd-digit")


def cells(page, name, column):
    """The cells of a stage in the table: for each class its text and whether it is
    marked as dead."""
    rows = page.locator(f'[data-model="{name}"] tbody tr')
    return [(row.locator("td").nth(column).inner_text().split("\n"),
             "dd-dead" in row.locator("td").nth(column).get_attribute("class"))
            for row in rows.all()]


ODD = {"a dot": [[[30, 40]]],
       "a symmetric bar": [[[56, 20], [56, 92]]],
       "a long dash": [[[5, 60], [107, 60]]],
       "over the edge": [[[-20, 50], [60, 130]], [[90.5, 90.25], [200, -7]]],
       "nearly all at one end": [[[20, 20], [90, 20], [20, 25], [90, 30], [55, 30],
                                  [55, 100]]],
       "a scribble": np.random.default_rng(0).uniform(0, 112, (3, 9, 2)).tolist()}


@pytest.mark.parametrize("where", ["command", "site"])
def test_every_stage_is_what_numpy_says(new_page, where, request):
    """On the page that the command writes, and on that of the site, which has other
    weights."""
    if where == "command":
        url = request.getfixturevalue("address")
        folder = request.getfixturevalue("made")[1]
    else:
        url = f"{request.getfixturevalue('served')}/draw-a-digit.html"
        folder = request.getfixturevalue("site") / "draw"
    weights, page = read_weights(folder), new_page(url)
    for what, strokes in (example_strokes() | ODD).items():
        page.evaluate("strokes => drawDigit.strokes(strokes)", strokes)
        x = center_digit(draw_strokes(strokes)).ravel()
        assert np.abs(x - page.evaluate("[...drawDigit.input()]")).max() < 1e-5, what
        for name in weights:
            stages = page.evaluate("""name => Object.fromEntries(
                Object.entries(drawDigit.stages(name)).map(
                    ([key, value]) => [key, [...value]]))""", name)
            expected = numpy_stages(weights, name, x)
            assert stages.keys() == expected.keys()
            for stage in expected:
                assert np.abs(expected[stage]
                              - stages[stage]).max() < 1e-5, (what, name, stage)
        # TwoLayerNet comes last
        if isinstance(what, int):
            assert expected["S"].argmax() == what and answer(page) == str(what)


def test_the_table_shows_the_stages_and_marks_dead_logits(new_page, weights):
    page = new_page()
    page.check('input[value="SoftmaxRegression"]')
    page.evaluate("strokes => drawDigit.strokes(strokes)", example_strokes()[2])
    x = center_digit(draw_strokes(example_strokes()[2]))
    stages = numpy_stages(weights, "SoftmaxRegression", x)
    always = weights["SoftmaxRegression"]["dead"]
    for k, (text, _) in enumerate(cells(page, "SoftmaxRegression", 0)):
        shown = float(text[-1].replace("−", "-"))
        assert shown == pytest.approx(stages["Z"][k], abs=0.0051)
    for k, (text, dead) in enumerate(cells(page, "SoftmaxRegression", 1)):
        assert dead == (stages["R"][k] == 0)
        assert (text[0] == ("always dead" if k in always else "dead")) if dead else (
            float(text[-1]) == pytest.approx(stages["R"][k], abs=0.0051))
    assert cells(page, "SoftmaxRegression",
                 2)[2][0][-1] == f"{100 * stages['S'][2]:.1f}%"
    assert answer(page) == "2"
    note = page.inner_text(".dd-dead-classes")
    assert all(str(k) in note for k in always) and "always dead" in note

    page.evaluate("strokes => drawDigit.strokes(strokes)",
                  example_strokes()[always[-1]])
    # a class that is always dead never wins, unless as the first of equals
    assert answer(page) != str(always[-1])
    page.check('input[value="TwoLayerNet"]')
    assert answer(page) == str(always[-1])
    assert not page.is_visible('[data-model="SoftmaxRegression"]')


def test_the_nearest_weights_are_those_with_the_largest_cosine(new_page, weights):
    page = new_page()
    for name, W in (("SoftmaxRegression", weights["SoftmaxRegression"]["params"]["W"]),
                    ("TwoLayerNet", weights["TwoLayerNet"]["params"]["W1"])):
        page.check(f'input[value="{name}"]')
        for k, strokes in example_strokes().items():
            page.evaluate("strokes => drawDigit.strokes(strokes)", strokes)
            x = center_digit(draw_strokes(strokes)).ravel()
            cosines = x @ W / np.linalg.norm(x) / np.linalg.norm(W, axis=0)
            text = page.inner_text(f'[data-model="{name}"] .dd-nearest')
            kind = "class" if W.shape[1] == 10 else "unit"
            assert f"{kind} {cosines.argmax()} " in text, (name, k)
            assert f"{cosines.max():.2f}".replace("-", "−") in text, (name, k)


@pytest.mark.parametrize("name", ["SoftmaxRegression", "TwoLayerNet"])
def test_the_push_of_every_label_is_the_gradient_of_the_package(new_page, weights,
                                                                name):
    page, entry = new_page(), weights[name]
    model = {"SoftmaxRegression": SoftmaxRegression,
             "TwoLayerNet": TwoLayerNet}[name](dtype="float64", **entry["settings"])
    for key, value in entry["params"].items(): model.params[key][...] = value
    first = "W" if name == "SoftmaxRegression" else "W1"
    page.check(f'input[name="dd-model"][value="{name}"]')
    for digit in 3, 8:
        page.evaluate("strokes => drawDigit.strokes(strokes)", example_strokes()[digit])
        X = center_digit(draw_strokes(example_strokes()[digit])).reshape(1, 784)
        X = X.astype(np.float64)
        for label in range(10):
            loss, grads = model.loss_and_grads(X, np.array([label]))
            push = page.evaluate("""k => {
                const {loss, dR, dZ} = drawDigit.push(k);
                return {loss, dR: [...dR], dZ: [...dZ]};
            }""", label)
            assert push["loss"] == pytest.approx(loss, abs=1e-4)
            assert np.abs(np.outer(X, push["dZ"]) - grads[first]).max() < 1e-5
            S = model.predict_proba(X)[0]
            assert np.abs(S - np.eye(10)[label] - push["dR"]).max() < 1e-5

            page.check(f'input[name="dd-label"][value="{label}"]')
            assert page.inner_text(".dd-loss") == f"{loss:.3f}"
            captions = page.locator(".dd-tile small").all_inner_texts()
            largest = np.abs(grads[first]).max(axis=0)
            if name == "TwoLayerNet":           # the ten units that are pushed most
                order = [int(text) for text in captions]
                assert largest[order] == pytest.approx(np.sort(largest)[:-11:-1],
                                                       abs=1e-6)
            else:
                assert captions == [f"{k}: no push" if largest[k] == 0 else str(k)
                                    for k in range(10)]
    # the last picture's color at the pixel with most ink: blue where the weight shrinks
    column = order[0] if name == "TwoLayerNet" else int(largest.argmax())
    red, blue = page.evaluate("""([i, p]) => {
        const canvas = document.querySelectorAll(".dd-tile canvas")[i];
        const {data} = canvas.getContext("2d").getImageData(
            p % 28, Math.floor(p / 28), 1, 1);
        return [data[0], data[2]];
    }""", [captions.index(str(column)), int(X.argmax())])
    assert (red < blue) == (grads[first][X.argmax(), column] > 0)
    page.click(".dd-clear")
    assert page.evaluate("drawDigit.push(3)") is None
    assert not page.is_visible(".dd-push")


def draw_with_mouse(page, stroke):
    box = page.locator(".dd-paper").bounding_box()
    points = [(box["x"] + x / 112 * box["width"], box["y"] + y / 112 * box["height"])
              for x, y in stroke]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]: page.mouse.move(*point, steps=4)
    page.mouse.up()


def test_drawing_with_the_mouse(new_page):
    page = new_page()
    # the page begins with an example, which the first stroke replaces
    assert answer(page) == "3"
    for stroke in example_strokes()[4]: draw_with_mouse(page, stroke)
    assert answer(page) == "4"
    assert "4, with probability" in page.inner_text('[role="status"]')
    expected = center_digit(draw_strokes(example_strokes()[4])).ravel()
    # the mouse moves by whole pixels
    assert np.abs(np.array(page.evaluate("[...drawDigit.input()]"))
                  - expected).mean() < 0.02
    page.click(".dd-clear")
    assert page.evaluate("[drawDigit.input(), drawDigit.stages()]") == [None, None]
    assert answer(page) == "?" and page.is_visible(".dd-hint")
    assert page.inner_text('[role="status"]') == "The paper is empty."
    draw_with_mouse(page, example_strokes()[1][0])
    assert answer(page) == "1"


def test_drawing_with_a_finger_on_a_phone(new_page):
    page = new_page(viewport={"width": 375, "height": 700}, has_touch=True,
                    is_mobile=True)
    box, session = page.locator(
        ".dd-paper").bounding_box(), page.context.new_cdp_session(page)
    points = [{"x": box["x"] + x / 112 * box["width"], "y": box["y"]
               + y / 112 * box["height"]} for x, y in example_strokes()[7][0]]
    for i, point in enumerate(points):
        session.send("Input.dispatchTouchEvent", {
            "type": "touchMove" if i else "touchStart", "touchPoints": [point]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("document.querySelector('.dd-digit').textContent === '7'")
    assert page.evaluate("scrollY") == 0


def test_everything_but_drawing_works_with_the_keyboard(new_page):
    page = new_page()
    page.focus('button[aria-label="Example 5"]')
    page.keyboard.press("Enter")
    assert answer(page) == "5"
    page.focus('input[value="TwoLayerNet"]')
    page.keyboard.press("ArrowUp")
    assert page.is_checked('input[value="SoftmaxRegression"]')
    assert page.is_visible('[data-model="SoftmaxRegression"]')
    page.focus(".dd-clear")
    page.keyboard.press("Space")
    assert answer(page) == "?"


def test_an_example_that_is_drawn_point_by_point_ends_the_same(new_page):
    page = new_page(reduced_motion="no-preference")
    page.click('button[aria-label="Example 8"]')
    page.wait_for_function(
        "document.querySelector('[role=status]').textContent.startsWith('8')")
    assert np.abs(center_digit(draw_strokes(example_strokes()[8])).ravel()
                  - page.evaluate("[...drawDigit.input()]")).max() < 1e-5


def test_without_a_server(new_page, made):
    page = new_page(made[1].as_uri() + "/draw.html")
    page.click('button[aria-label="Example 6"]')
    assert answer(page) == "6"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_by_day_and_by_night(new_page, scheme):
    page = new_page(viewport={"width": 375, "height": 700}, color_scheme=scheme)
    for name in ("SoftmaxRegression", "TwoLayerNet"):
        page.check(f'input[value="{name}"]')
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    light = page.evaluate("""selector =>
        getComputedStyle(document.querySelector(selector)).backgroundColor
            .match(/\\d+/g).map(Number)[0] > 127""", ".dd-card")
    assert light == (scheme == "light")


def with_header(path, damage, padded=True):
    "Rewrite a file of weights with its header changed by `damage`, text to text."
    content = path.read_bytes()
    n = int.from_bytes(content[4:8], "little")
    header = damage(content[8:8 + n].decode().rstrip()).encode()
    if padded: header += b" " * (-len(header) % 4)
    path.write_bytes(b"MLP1" + len(header).to_bytes(4, "little") + header
                     + content[8 + n:])


FAULTS = {"missing": (lambda path: path.unlink(),
                      "could not be fetched: the server says 404"),
          "cut short": (lambda path: path.write_bytes(path.read_bytes()[:-100]),
                        "cut short"),
          "cut in the header": (lambda path: path.write_bytes(path.read_bytes()[:50]),
                                "cut short, in its header"),
          "empty": (lambda path: path.write_bytes(b""), "does not begin with MLP1"),
          "another file": (lambda path: path.write_bytes(b"GIF89a" + bytes(1000)),
                           "does not begin with MLP1"),
          "too long": (lambda path: path.write_bytes(path.read_bytes() + bytes(4)),
                       "is longer than its header says"),
          "a huge header": (lambda path: path.write_bytes(b"MLP1" + b"\xff" * 100),
                            "cut short, in its header"),
          "no JSON": (lambda path: with_header(path, lambda text: text[:-1]),
                      "has a header that can't be read"),
          "another JSON": (lambda path: with_header(path, lambda text: "null"),
                           "has a header that can't be read"),
          "at an odd place": (lambda path: with_header(path, lambda text: text + " " * (
              4 - len(text) % 4 + 1), padded=False), "has a header that can't be read"),
          "a negative size": (lambda path: with_header(path, lambda text: text.replace(
              "[784, 10]", "[784, -10]")), "a network that this page can't show"),
          "another shape": (lambda path: with_header(path, lambda text: text.replace(
              "[784, 10]", "[10, 784]")), "a network that this page can't show"),
          "one network": (lambda path: with_header(path, lambda text: json.dumps(
              {"models": json.loads(text)["models"][:1]})),
                          "is longer than its header says"),
          "an unknown network": (lambda path: with_header(
              path, lambda text: text.replace("TwoLayerNet", "toString")),
                                 "a network that this page can't show")}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_the_weights_is_said_in_words(browser, made, fault,
                                                         tmp_path):
    damage, expected = FAULTS[fault]
    folder = shutil.copytree(made[1], tmp_path / "page")
    damage(folder / "weights.bin")
    page = browser.new_page()
    with serve(folder) as address:
        page.goto(f"{address}/draw.html")
        page.wait_for_selector(".dd-error:visible")
        assert expected in page.inner_text(".dd-error")
        assert page.evaluate("drawDigit.input().length") == 784    # the drawing goes on
    page.close()


def test_without_a_server_missing_weights_are_said_in_words(browser, made, tmp_path):
    folder = shutil.copytree(made[1], tmp_path / "page")
    (folder / "weights.js").unlink()
    page = browser.new_page()
    page.goto(folder.as_uri() + "/draw.html")
    page.wait_for_selector(".dd-error:visible")
    assert "weights.js is missing" in page.inner_text(".dd-error")
    page.close()
