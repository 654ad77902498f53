"""A tiny data set for the tests of the commands."""
import numpy as np


def write_idx(path, array):
    path.write_bytes(bytes([0, 0, 8, array.ndim]) + np.array(
        array.shape, ">u4").tobytes() + array.astype(np.uint8).tobytes())


def write_digits(folder, n_train=300, n_test=50, noise=60, mark=180):
    """Four IDX files with images of 6 by 6 pixels in 3 classes; gives `folder`.

    The pixels are noise, and each class has two columns that are brighter by `mark`."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    for part, n in (("train", n_train), ("t10k", n_test)):
        y = np.arange(n) % 3
        images = rng.integers(0, noise, (n, 6, 6))
        for k in range(3): images[y == k, 2 * k:2 * k + 2] += mark
        write_idx(folder / f"{part}-images-idx3-ubyte", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte", y)
    return folder
