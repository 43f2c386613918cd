"""Kills executors of a cluster while they train and compares the parameters with those of an unbroken training.

Starts a standalone cluster of two workers and trains on it once unbroken; then trains again and again, without
checkpoints, and kills an executor with SIGKILL at random moments between the first and the last round, N times. Every
training must end by itself, begin every round once and have the same SHA-256 of its parameters. Options are those of
`scripts/sluice train`.
"""

import os
import random
import signal
import subprocess
import time

import trial_kit
from trial_kit import ROOT, SLUICE, Broken

POLL_SECONDS = 0.05
EXECUTOR = "org.apache.spark.executor.CoarseGrainedExecutorBackend"


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
            SLUICE, "submit", "train", *arguments, "--force", *trial_kit.Rounds.settings(self.events),
            *trial_kit.on_cluster(master),
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
        rounds = trial_kit.Rounds(self.events)
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
        [run] = self.runs.iterdir()
        return trial_kit.sha256(trial_kit.current(run, "model") / "parameters.bin")

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
    command = trial_kit.parser(__doc__)
    trial_kit.add_seed(command)
    command.add_argument("kills", nargs="?", type=trial_kit.positive, default=10, metavar="N", help="kills (10)")
    trial_kit.add_pipeline(command, "conf/bank.conf with many short rounds")
    asked = command.parse_args()

    def trial(work):
        arguments = asked.pipeline or ["conf/bank.conf", *trial_kit.settings(*trial_kit.MANY_ROUNDS)]
        arguments += trial_kit.settings(f"pipeline.runs-dir={work}/runs", "train.checkpoint.every=0")
        trial_kit.sluice("prepare", *arguments)
        with trial_kit.cluster(work / "cluster") as master:
            on_cluster = Trial(asked.seed, work, master, arguments)
            on_cluster.unbroken()
            on_cluster.kills(asked.kills)

    trial_kit.run(trial)


main()
