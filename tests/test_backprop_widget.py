"""The network that one can touch, on the page of the two-layer network."""
import numpy as np
import pytest
from test_browser import new_page, serious

from mlp_from_scratch.all import TwoLayerNet

pytestmark = pytest.mark.site


@pytest.fixture
def page(browser, served):
    with new_page(browser, served, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"{served}/two_layer_net.html")
        yield page
        assert page.faults == []


def networks(n):
    "Random networks of 2, 3 and 2 units, with an input and a label."
    for seed in range(n):
        rng = np.random.default_rng(seed)
        def values(*shape): return rng.uniform(-3, 3, size=shape).tolist()
        yield {"X": values(1, 2), "y": int(rng.integers(2)), "W1": values(2, 3),
               "b1": values(1, 3), "W2": values(3, 2), "b2": values(1, 2)}


@pytest.mark.parametrize("given", list(networks(5)), ids=range(5))
def test_its_numbers_are_those_of_the_package(page, given):
    found, after = page.evaluate(
        "network => [backprop.pass(network), backprop.descend(network, 1)]", given)
    net = TwoLayerNet(2, 3, 2, dtype=np.float64)
    net.params = {name: np.squeeze(given[name]) for name in ("W1", "b1", "W2", "b2")}
    X, y = np.array(given["X"]), [given["y"]]
    loss, gradients = net.loss_and_grads(X, y)
    expected = {"A": net.hidden(X), "R": net.logits(X), "S": net.predict_proba(X),
                "L": loss} | {f"d{name}": dW for name, dW in gradients.items()}
    for name, value in expected.items():
        assert np.allclose(np.squeeze(found[name]), value, rtol=0, atol=1e-9), name
    assert np.allclose(np.squeeze(found["dR"]), found["S"][0] - np.eye(2)[y[0]],
                       rtol=0, atol=1e-12)
    assert np.allclose(found["dA"], found["dR"] @ net.params["W2"].T, atol=1e-9)
    assert np.allclose(found["dZ"], found["db1"], atol=1e-12)
    for name, dW in gradients.items():
        assert np.allclose(np.squeeze(after[name]), net.params[name] - dW,
                           atol=1e-9), name


def test_a_keyboard_steps_through_the_whole_of_it(page):
    page.locator("[data-do=next]").focus()
    said = [page.locator(".bp-said").inner_text()]
    while page.locator("[data-do=next]").is_enabled():
        page.keyboard.press("Enter")
        said.append(page.locator(".bp-said").inner_text())
    assert len(said) == len(set(said)) == 13
    assert said[0].startswith("X: 0.90, 0.20") and said[-1].startswith("db₁")
    page.keyboard.press("Tab")                              # a disabled one is left out
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")                            # a step of SGD
    assert "The loss: 1.625, then 0.124." in page.locator(".bp-said").inner_text()


def test_what_is_changed_changes_all_that_follows(page):
    page.click("[data-do=all]")
    def shown(name): return page.locator(f"text[data-name={name}]").all_text_contents()
    before = {name: shown(name) for name in ("Z", "A", "S", "dZ", "dW1")}
    page.select_option("[data-label]", "0")
    assert shown("Z") == before["Z"] and shown("S") == before["S"]
    assert shown("dW1") != before["dW1"]
    page.locator(".bp-change input").fill("0")              # the first input
    assert shown("dW1")[:3] == ["0.00"] * 3 != before["dW1"][:3]
    assert shown("Z") != before["Z"]


def test_formula_and_numbers_point_at_each_other(page):
    page.click("[data-do=all]")
    page.hover("[data-step='10']")                          # dZ = dA * sigmoid_grad(Z)
    def names(kind):
        lit = page.locator(f"text.{kind}").all()
        return {each.get_attribute("data-name") for each in lit}
    assert names("bp-made") == {"dZ"} and names("bp-used") == {"dA", "Z"}
    page.hover("text[data-name=dW2] >> nth=0")
    assert "A.T @ dR" in page.locator("button.bp-lit").inner_text()
    page.click("text[data-name=W2] >> nth=3")               # choose it, to change it
    assert page.locator(".bp-change output").inner_text() == "0.90"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_is_accessible(browser, served, scheme, width):
    from axe_playwright_python.sync_playwright import Axe
    with new_page(browser, served, color_scheme=scheme,
                  viewport={"width": width, "height": 844}) as page:
        page.goto(f"{served}/two_layer_net.html")
        page.click("[data-do=all]")
        assert serious(Axe(), page, context=".widget") == []
        right = "all => all.map(e => e.getBoundingClientRect().right)"
        assert max(page.locator(".widget *").evaluate_all(right)) <= width
