"For all tests: one BLAS thread a process, and an interrupt that arrives."
import os
import signal

# As many processes as cores work at a time: more threads would wait for each other.
for name in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")


def pytest_configure():
    """Heed SIGINT, which `pytest &` in a script and `nohup` leave ignored.

    A child inherits an ignored signal, but not a handler: with one here, the processes
    that the tests interrupt start with the default."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
