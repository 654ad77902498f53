"""`python -m mlp_from_scratch`: the command line."""
import sys

from mlp_from_scratch.commands import mlp

sys.exit(mlp())
