"""The widget `training`: what its sliders show is what NumPy and the package say."""
import runpy
from contextlib import ExitStack

import numpy as np
import pytest
from test_browser import new_page, serious
from web import ROOT

from mlp_from_scratch.all import *

digits = runpy.run_path(str(ROOT / "docs" / "digits.py"))
PAGES = {"bowl": "stability.html", "digits": "sgd.html"}
BOWL = [(0.004, 0.0, 0), (0.038, 0.0, 0), (0.044, 0.0, 0), (0.004, 0.9, 0),
        (0.07, 0.9, 3), (0.03, 0.5, 20), (0.09, 0.95, 7)]
DIGITS = [(1, 0.0, 0, 256), (0.5, 0.9, 0, 128), (1, 0.0, 0.001, 16),
          (0.1, 0.9, 0.01, 32), (0.05, 0.5, 0.0003, 1)]


def keys(rate, momentum, l2, batch=None):
    return dict(rate=rate, momentum=momentum, l2=l2, batch=batch)


def assert_close(found, expected):
    # large whole numbers come from JavaScript as integers
    np.testing.assert_allclose(np.array(found, float), expected, rtol=1e-9, atol=1e-9)


@pytest.fixture
def open_widget(browser, served):
    "A function that opens the page of a widget; at the end there must be no faults."
    with ExitStack() as stack:
        pages = []
        def open_widget(problem, **options):
            page = stack.enter_context(new_page(browser, served, **options))
            pages.append(page)
            page.goto(f"{served}/{PAGES[problem]}")
            page.wait_for_selector(f"[data-problem={problem}] .tr-outcome strong")
            return page
        yield open_widget
        assert [page.faults for page in pages] == [[] for _ in pages]


def test_the_digits_are_those_of_the_script():
    assert digits["TARGET"].read_text(encoding="utf-8") == digits["script"]()


def test_the_bowl_is_that_of_numpy(open_widget):
    page, mu = open_widget("bowl"), np.array([1.0, 50.0])
    for rate, momentum, l2 in BOWL:
        found = page.evaluate("settings => training.bowl(settings)",
                              keys(rate, momentum, l2))
        params, optimizer = {"w": np.array([-9.0, 1.5])}, SGD(rate, l2, momentum)
        path = [params["w"].copy()]
        for _ in range(60):
            optimizer.step(params, {"w": mu * params["w"]})
            path.append(params["w"].copy())
        path = np.array(path)
        assert_close(found["path"], path)
        assert_close(found["losses"], 0.5 * path**2 @ (mu + l2))
        M = [[[1 + momentum - rate * (each + l2), -momentum], [1, 0]] for each in mu]
        factor = np.abs(np.linalg.eigvals(M)).max()
        assert found["factor"] == pytest.approx(factor, rel=1e-6)
        limit = 2 * (1 + momentum) / (50 + l2)
        assert found["limit"] == pytest.approx(limit, rel=1e-12)
        assert (factor < 1) == (rate < found["limit"])


def part(name, n):
    "Images and labels as the widget has them."
    rows = digits["small_digits"](name, n)
    return rows[:, 1:] / 255, rows[:, 0].astype(int)


@pytest.mark.parametrize("rate, momentum, l2, batch", DIGITS)
def test_the_digits_are_learned_as_by_the_package(open_widget, rate, momentum, l2,
                                                  batch):
    found = open_widget("digits").evaluate(
        "s => { const {W, ...run} = training.digits(s); return {W: [...W], ...run}; }",
        keys(rate, momentum, l2, batch))
    parts = {name: part(name, n) for name, n in digits["PARTS"].items()}
    model = SoftmaxRegression(49, 10, relu_logits=False, init_std=0, dtype=np.float64)
    optimizer, (X, y) = SGD(rate, l2, momentum), parts["train"]
    curve = {at["epoch"]: at for at in found["curve"]}
    assert len(found["orders"]) == 20 and len(curve) in (21, 41)

    def compare(epoch):
        for name, (X, y) in parts.items():
            at = curve[epoch][name]
            assert at["loss"] == pytest.approx(model.loss(X, y), rel=1e-9)
            assert at["accuracy"] == (model.predict(X) == y).mean()

    compare(0)
    for epoch, order in enumerate(found["orders"]):
        assert sorted(order) == list(range(len(y)))
        for k, start in enumerate(range(0, len(y), batch), 1):
            rows = order[start:start + batch]
            optimizer.step(model.params, model.loss_and_grads(X[rows], y[rows])[1])
            at = epoch + k * batch / len(y)
            if at in curve: compare(at)
    assert_close(found["W"], model.params["W"].ravel())
    assert found["orders"][0] != found["orders"][1]


def test_what_the_pages_say_of_the_digits(open_widget):
    page = open_widget("digits")
    def end(*setting):
        return page.evaluate("s => training.digits(s).curve.at(-1)", keys(*setting))
    plain, momentum = end(1, 0, 0, 16), end(0.1, 0.9, 0, 16)
    assert plain["train"]["loss"] == pytest.approx(momentum["train"]["loss"], rel=0.02)
    fitted, little, much = (end(1, 0.9, l2, 16) for l2 in (0, 0.0003, 0.1))
    assert little["valid"]["loss"] < fitted["valid"]["loss"]
    assert much["train"]["loss"] > plain["train"]["loss"] < end(1, 0, 0, 256)["train"][
        "loss"]


def press(page, problem, key, name, times=1):
    page.focus(f"#training-{problem}-{key}")
    for _ in range(times): page.keyboard.press(name)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => "
                  "requestAnimationFrame(done)))")
    return page.inner_text(f"[data-problem={problem}] .tr-outcome")


def test_the_keyboard_moves_the_bowl(open_widget):
    page = open_widget("bowl")
    before = page.locator(".tr-map").inner_html()
    assert press(page, "bowl", "rate", "ArrowRight", 2).startswith("On the edge.")
    told = press(page, "bowl", "rate", "ArrowRight")
    assert told.startswith("Diverges.") and "beyond the limit 2 / 50 = 0.04." in told
    assert page.get_attribute("#training-bowl-rate", "aria-valuetext") == "0.041"
    assert page.locator(".tr-map").inner_html() != before
    told = press(page, "bowl", "momentum", "ArrowRight", 10)
    assert told.startswith("Converges.") and "2 · (1 + 0.5) / 50 = 0.06." in told
    told = press(page, "bowl", "l2", "End")
    assert "below the limit 2 · (1 + 0.5) / (50 + 20) = 0.0429." in told
    assert page.inner_text("[data-problem=bowl] .tr-limit") == "limit 0.0429"
    assert "Infinity" not in page.locator("[data-problem=bowl]").inner_html()


def test_the_keyboard_moves_the_digits(open_widget):
    page = open_widget("digits")
    assert press(page, "digits", "batch", "End").startswith("Learns. After 20 steps")
    assert press(page, "digits", "batch", "Home").startswith("Overfits. After 5,120")
    press(page, "digits", "l2", "End")
    assert press(page, "digits", "rate", "End").startswith("Worse than guessing.")
    assert press(page, "digits", "momentum", "End").startswith(("Worse", "Diverges."))
    assert "NaN" not in page.locator("[data-problem=digits]").inner_html()


@pytest.mark.parametrize("problem, lines", [("bowl", 3), ("digits", 4)])
def test_tab_reaches_each_slider_and_the_button_that_keeps_a_run(open_widget, problem,
                                                                 lines):
    from axe_playwright_python.sync_playwright import Axe
    page, box = open_widget(problem), f"[data-problem={problem}]"
    ids = page.eval_on_selector_all(f"{box} input",
                                    "inputs => inputs.map(each => each.id)")
    page.focus(f"#{ids[0]}")
    for each in ids:
        assert page.evaluate("document.activeElement.id") == each
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    kept = page.locator(f"{box} .tr-line.tr-kept")
    assert kept.count() == lines
    before = kept.first.get_attribute("d")
    press(page, problem, "rate", "End")
    assert kept.first.get_attribute("d") == before
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert serious(Axe(), page, context={"include": [[box]]}) == []
    page.click(f"{box} button")
    assert kept.count() == 0


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("problem", PAGES)
def test_nothing_is_wider_than_the_widget(open_widget, problem, width):
    page = open_widget(problem, viewport={"width": width, "height": 800})
    assert page.evaluate("""problem => {
      const box = document.querySelector(`[data-problem=${problem}]`);
      const right = box.getBoundingClientRect().right;
      return [...box.querySelectorAll("*")].filter(
        each => !each.parentElement.closest("svg")
          && each.getBoundingClientRect().right > right
      ).map(each => each.outerHTML.slice(0, 100));
    }""", problem) == []
