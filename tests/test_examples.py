"""The examples of the reference: `docs/examples.txt`, run in order."""
import doctest
import re

import matplotlib.pyplot as plt
import pytest
from web import ROOT

TEXT = (ROOT / "docs" / "examples.txt").read_text(encoding="utf-8")


def test_each_example_shows_what_comes_out(tmp_path, monkeypatch):
    plt.switch_backend("Agg")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec("import numpy as np\nfrom mlp_from_scratch.all import *", names)
    example = doctest.DocTestParser().get_doctest(TEXT, names, "examples.txt", None, 0)
    said = []
    found = doctest.DocTestRunner(verbose=False).run(example, out=said.append)
    plt.close("all")
    assert found.attempted > 90 and not found.failed, "".join(said)


@pytest.mark.parametrize("name", re.findall(r"^# (\w+)$", TEXT, re.MULTILINE))
def test_each_example_uses_its_function(name):
    block = re.search(rf"^# {name}\n(.*?)(?=^# |\Z)", TEXT, re.MULTILINE | re.DOTALL)[1]
    assert re.search(rf"\b{name}\b", block)
