"""What the trials share: their command line, Sluice and its cluster, and the rounds that a training began."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLUICE = str(ROOT / "scripts" / "sluice")
CLUSTER = str(ROOT / "scripts" / "cluster.sh")
DATA = str(ROOT / "scripts" / "data.sh")
JAVA = Path(__file__).parent / "java"
SPARK_JARS = f"{ROOT}/jobs/target/spark/jars/*"
ROUND = re.compile(r"train: epoch \d+, minibatches \d+ to \d+")
JOB_STARTS = b'{"Event":"SparkListenerJobStart"'

# conf/bank.conf, trained in many short rounds.
MANY_ROUNDS = ["train.epochs=16", "train.averaging-frequency=2", "train.early-stopping.patience=0"]


class Broken(Exception):
    """A promise that was not kept."""


def parser(text: str | None) -> argparse.ArgumentParser:
    """The command line of a trial.

    :param text: what the trial does, the documentation of its module
    """
    name = f"scripts/trial.sh {Path(sys.argv[0]).stem}"
    return argparse.ArgumentParser(
        prog=name, description=text, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )


def positive(text: str) -> int:
    """A whole number from 1."""
    if not re.fullmatch(r"[1-9][0-9]*", text):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text}")
    return int(text)


def add_seed(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", default="42", help="what the moments derive from (42)")


def add_pipeline(command: argparse.ArgumentParser, default: str) -> None:
    """A configuration with options, all that follows; they stand in ``pipeline``.

    :param default: what it is without one, for the help
    """
    command.add_argument(
        "pipeline", nargs=argparse.REMAINDER, metavar="CONF [OPTION]...", help=f"a configuration, options ({default})"
    )


def settings(*pairs: str) -> list[str]:
    """Settings of a configuration, as options of a command."""
    return [word for pair in pairs for word in ("--set", pair)]


def run(trial: Callable[[Path], None]) -> None:
    """Runs a trial in a directory of its own, which stays only if a promise was not kept."""
    # What was started is ended by what is written behind it, also where the trial is told to end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if subprocess.run([SLUICE, "build"], check=False).returncode != 0:
        sys.exit(2)
    work = Path(tempfile.mkdtemp(prefix="sluice-trial-"))
    try:
        trial(work)
    except Broken as broken:
        sys.exit(f"{broken}\nwhat there is stays in {work}")
    except subprocess.CalledProcessError as missing:
        shutil.rmtree(work, ignore_errors=True)
        print(missing, file=sys.stderr)
        sys.exit(2)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(work)


def sluice(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """The output of a command that must succeed."""
    done = subprocess.run(
        [SLUICE, *arguments], cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise Broken(f"sluice {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def kernels() -> dict[str, str]:
    """The environment in which what scripts/sluice does not start computes with the kernels of what it starts."""
    found = sluice("kernels").strip()
    return {"OPENBLAS_CORETYPE": found} if found else {}


def java(program: str, *arguments: str | Path, beside: str | Path = "") -> str:
    """The output of a program of ``java/`` that must succeed, run from its source with the application jar.

    :param beside: jars on the class path before it; Spark's are ``SPARK_JARS``
    """
    executable = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    class_path = f"{beside}:{ROOT}/jobs/target/sluice.jar".lstrip(":")
    options = [f"@{ROOT}/conf/java.options", f"-Dlog4j2.configurationFile=file:{ROOT}/conf/log4j2.properties"]
    done = subprocess.run(
        [executable, "-Xmx2g", *options, "-cp", class_path, JAVA / f"{program}.java", *arguments],
        cwd=ROOT, env={**os.environ, **kernels(), "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise Broken(f"{program} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def current(run_directory: Path, stage: str) -> Path:
    """Where the current output of a stage lies."""
    return Path(sluice("path", str(run_directory), stage).strip().removeprefix("file:"))


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fetch(*names: str) -> None:
    """Fetches data sets that are not there yet."""
    subprocess.run([DATA, *names], check=True)


@contextmanager
def cluster(directory: Path) -> Iterator[str]:
    """A standalone cluster of two workers with a core and a gibibyte each; the master's URL.

    :param directory: for its logs and the numbers of its processes
    """
    environment = {**os.environ, "SLUICE_CLUSTER_DIR": str(directory)}
    try:
        started = subprocess.run(
            [CLUSTER, "start", "2", "1", "1g"], env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        yield started.stdout.strip()
    finally:
        subprocess.run([CLUSTER, "stop"], env=environment, stdout=subprocess.DEVNULL, check=False)


def on_cluster(master: str) -> list[str]:
    """Options of spark-submit for it."""
    return ["--", "--master", master, "--driver-memory", "1g", "--executor-memory", "1g"]


class Rounds:
    """The rounds of the application that starts next, from Spark's event log: a round is a Spark job with a description
    of its own. The log may be some milliseconds behind."""

    def __init__(self, events: Path):
        self.events = events
        self.before = set(self.applications())
        self.log = None
        self.rest = b""
        self.begun: list[str] = []

    @staticmethod
    def settings(events: Path) -> list[str]:
        """What makes Spark write its event log to a directory."""
        return settings(
            "spark.spark.eventLog.enabled=true",
            "spark.spark.eventLog.compress=false",
            f"spark.spark.eventLog.dir=file:{events}",
        )

    def applications(self) -> Iterator[str]:
        return (path.name.removesuffix(".inprogress") for path in self.events.iterdir() if path.name[0] != ".")

    def read(self) -> list[str]:
        """The descriptions of the rounds so far, in their order."""
        if self.log is None:
            new = next((name for name in self.applications() if name not in self.before), None)
            if new is None:
                return self.begun
            path = self.events / f"{new}.inprogress"
            # It is renamed when the application ends.
            self.log = (path if path.exists() else self.events / new).open("rb")
        *lines, self.rest = (self.rest + self.log.read()).split(b"\n")
        for line in lines:
            if line.startswith(JOB_STARTS):
                description = json.loads(line)["Properties"].get("spark.job.description", "")
                if ROUND.fullmatch(description):
                    self.begun.append(description)
        return self.begun

    def close(self) -> None:
        if self.log is not None:
            self.log.close()
