"""Processes that benchmarks start first and then ask by turns, so that whatever else the machine does meets all of them."""

import os
import re
import subprocess
from pathlib import Path

import figures


class Asked:
    """A process that says `ready` and then answers each line that it is given."""

    def __init__(self, command, threads=1):
        environment = os.environ | {"OMP_NUM_THREADS": str(threads), "SPARK_LOCAL_IP": "127.0.0.1"}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, env=environment, cwd=figures.ROOT, stdin=pipe, stdout=pipe, text=True)
        self.ready = self.answer("ready")

    def ask(self, line, word):
        """What follows the word in the answer to a line."""
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return self.answer(word)

    def answer(self, word):
        """What follows the word in the next line that begins with it; others are not for us."""
        for line in self.process.stdout:
            first, _, rest = line.strip().partition(" ")
            if first == word:
                return rest
        raise RuntimeError(f"{' '.join(map(str, self.process.args))} ended with {self.process.wait()}")

    def peak_mebibytes(self):
        """The most memory that the process has had until now, as Linux counts it."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s*(\d+) kB", status)[1]) / 1024

    def end(self):
        self.process.stdin.close()
        self.process.wait()
