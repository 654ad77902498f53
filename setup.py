"""Packaging for pip.

Everything that changes stands in settings.ini; this file only reads it."""
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
config = ConfigParser()
config.read(here / "settings.ini", encoding="utf-8")
settings = config["DEFAULT"]
name = settings["lib_name"]
address = f"https://github.com/{settings['user']}/{settings['repo']}"

setup(
    name=name,
    version=settings["version"],
    description=settings["description"],
    long_description=(here / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    keywords=settings["keywords"].split(),
    author=settings["author"],
    url=address,
    license="Apache-2.0",
    classifiers=[
        "Development Status :: 4 - Beta",
        "Intended Audience :: Education",
        "Natural Language :: English",
        "Programming Language :: Python :: 3",
    ],
    packages=find_packages(include=[name, f"{name}.*"]),
    package_data={name: ["*.mplstyle", "datasets/*/*", "results/*", "template/*",
                         "draw_page/*", "task/*"]},
    python_requires=f">={settings['min_python']}",
    install_requires=settings["requirements"].split(),
    extras_require={extra: settings[f"{extra}_requirements"].split()
                    for extra in ("sklearn", "onnx", "torch", "dev", "docs", "bench")},
    entry_points={
        "console_scripts": settings["console_scripts"].split(),
        # lets nbdev link names in the notebooks' prose
        "nbdev": [f"{name}={name}._modidx:d"],
    },
    zip_safe=False,
)
