"""Writes the digits that the widget `training` learns: `python docs/digits.py`."""
import base64
from pathlib import Path

import numpy as np

from mlp_from_scratch.data import load_dataset

TARGET = Path(__file__).parent / "static" / "widgets" / "training-digits.js"
PARTS = {"train": 256, "valid": 512}                        # part -> images


def small_digits(part, # of MNIST
                 n # images
                ): # -> (n, 50) bytes: the label, then 7 x 7 pixels
    "The first images of a part, each 4 x 4 pixels averaged to one."
    X, y = getattr(load_dataset("mnist"), part)
    means = X[:n].reshape(n, 7, 4, 7, 4).mean(axis=(2, 4), dtype=np.float64)
    pixels = np.round(255 * means).astype(np.uint8)         # (n, 7, 7)
    return np.column_stack([y[:n].astype(np.uint8), pixels.reshape(n, 49)])


def text(part, n):
    "The digits as text, in lines."
    return base64.encodebytes(small_digits(part, n).tobytes()).decode()


def script():
    "A script that holds the digits, so that the page also works without a server."
    texts = [f"  {part}: `\n{text(part, n)}`,\n"
             for part, n in PARTS.items()]
    return ("// Written by docs/digits.py: the first images of MNIST, 7 x 7 pixels.\n"
            f"window.trainingDigits = {{\n{''.join(texts)}}};\n")


if __name__ == "__main__": TARGET.write_text(script(), encoding="utf-8")
