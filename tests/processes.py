"""A program that is interrupted, for the tests of the commands."""
import os
import re
import signal
import subprocess


def interrupt_when(pattern, command, cwd, group=False, **options):
    """Start `command`, and send it SIGINT when `pattern` stands in its standard error.

    With `group`, all processes of its group get the signal, as from Ctrl-C on a
    terminal. Gives the finished process with all it wrote, as `subprocess.run` does."""
    process = subprocess.Popen(
        [*map(str, command)], cwd=cwd, start_new_session=group, bufsize=0,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    seen = b""
    while not re.search(pattern, seen.decode(errors="replace")):
        if not (more := process.stderr.read(100)): break           # it has ended before
        seen += more
    (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(
        command, process.returncode, out.decode(),
        (seen + err).decode(errors="replace"))


def argv(**options):
    "The arguments of a command: `n_hidden=3` is `--n-hidden=3`, and True a bare name."
    return [f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}")
            for name, value in options.items()]


def ignore_interrupts():
    "For `preexec_fn`: the program starts as one in the background of a script does."
    signal.signal(signal.SIGINT, signal.SIG_IGN)
