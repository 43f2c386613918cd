"""The trial of scripts/trial-executors.sh: SEED N WORK MASTER CONF [OPTION]..."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import trial_rounds

ROOT = Path(__file__).resolve().parent.parent
SLUICE = str(ROOT / "scripts" / "sluice")
POLL_SECONDS = 0.05
EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend"


class Broken(Exception):
    """A promise that was not kept."""


class Trial:
    def __init__(self, seed, work, master, arguments):
        self.random = random.Random(seed)
        self.runs = work / "runs"
        self.cluster = work / "cluster"
        self.events = work / "events"
        self.events.mkdir()
        self.log = work / "said"
        # Of the unbroken training.
        self.rounds = None
        self.seconds = 0
        self.expected = None
        self.command = [
            SLUICE, "submit", "train", *arguments, "--force", *trial_rounds.settings(self.events),
            "--", "--master", master, "--driver-memory", "1g", "--executor-memory", "1g",
        ]  # fmt: skip

    def executors(self):
        """The processes of the executors that this cluster's workers have started."""
        workers = {int(file.read_text()) for file in self.cluster.glob("worker-*.pid")}
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], stdout=subprocess.PIPE, check=True, text=True)
        found = []
        for line in listed.stdout.splitlines():
            process, parent, *command = line.split(maxsplit=2)
            if int(parent) in workers and EXECUTOR in command[0]:
                found.append(int(process))
        return sorted(found)

    def train(self, kills):
        """Trains and kills so many executors at most. Returns the rounds, their seconds, and after which it killed."""
        rounds = trial_rounds.Rounds(self.events)
        killed = []
        moment = first = last = None
        with self.log.open("wb") as log:
            process = subprocess.Popen(self.command, cwd=ROOT, stdout=log, stderr=log)
        try:
            while process.poll() is None:
                time.sleep(POLL_SECONDS)
                begun = len(rounds.read())
                now = time.monotonic()
                if begun == 0 or begun == self.rounds:
                    continue
                first, last = first or now, now
                if len(killed) == kills:
                    continue
                # The next after the one that the last kill broke: Spark gives a task up that fails four times.
                if moment is None and begun > (killed[-1] if killed else 0):
                    moment = now + self.random.uniform(0, 0.5) * self.seconds
                executors = self.executors() if moment is not None and now >= moment else []
                # While one is being started anew, the other is left alive.
                if len(executors) == 2:
                    os.kill(self.random.choice(executors), signal.SIGKILL)
                    killed.append(begun)
                    moment = None
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
        if process.returncode != 0:
            raise Broken(f"the training ended with {process.returncode}:\n{self.log.read_text()}")
        begun = rounds.read()
        rounds.close()
        if len(set(begun)) != len(begun):
            raise Broken(f"{len(begun) - len(set(begun))} rounds were begun twice")
        return begun, last - first, killed

    def parameters(self):
        """The SHA-256 of the parameters that were trained last."""
        run = next(self.runs.iterdir())
        found = subprocess.run([SLUICE, "path", str(run), "model"], stdout=subprocess.PIPE, check=True, text=True)
        bundle = Path(found.stdout.strip().removeprefix("file:"))
        return hashlib.sha256((bundle / "parameters.bin").read_bytes()).hexdigest()

    def unbroken(self):
        begun, self.seconds, _ = self.train(0)
        self.rounds = len(begun)
        self.expected = self.parameters()
        print(f"unbroken: {self.rounds} rounds in {self.seconds:.1f} s, {self.expected}", flush=True)

    def kills(self, number):
        done = trainings = 0
        while done < number:
            begun, seconds, killed = self.train(number - done)
            trainings += 1
            found = self.parameters()
            told = ", ".join(map(str, killed)) or "none"
            print(f"training {trainings}: {seconds:.1f} s, executors killed after rounds {told}: {found}", flush=True)
            if found != self.expected:
                raise Broken("not the parameters of the unbroken training")
            if len(begun) != self.rounds:
                raise Broken(f"{len(begun)} rounds were begun, unbroken {self.rounds}")
            done += len(killed)
        print(f"{number} executors killed in {trainings} trainings: every parameter equal")


def main():
    seed, number, work, master, arguments = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5:]
    try:
        trial = Trial(seed, Path(work), master, arguments)
        trial.unbroken()
        trial.kills(number)
    except Broken as broken:
        print(broken, file=sys.stderr)
        sys.exit(1)


main()
