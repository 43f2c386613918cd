"""A night in miniature: dated runs of conf/bank-daily.conf, one after the other, by Airflow's scheduler on a standalone
cluster of two workers, while drivers, executors and Airflow's tasks are killed at random moments.

The last three dates are run backwards; the first as a task for each job, of which train has its driver killed; and two
other pipelines, with drivers on a worker, have an error in the data and one in the configuration. In the end those were
not tried again, the killed driver once, every run has succeeded, every ledger adds up, the last three bundles are those
of unbroken runs in the order of their dates, one bundle is in use, that of the last date, and running that date again
changed nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import trial_kit
from trial_kit import CLUSTER, ROOT, SLUICE, Broken

sys.path.append(str(ROOT / "scripts" / "airflow"))
from local_airflow import LocalAirflow, processes, wait  # noqa: E402

FIRST = date(2026, 1, 1)
GROUPS = {
    "data": ("ingest", "clean", "split", "normalise", "augment"),
    "model": ("train", "explain", "evaluate"),
    "release": ("gate", "promote"),
}
QUICK = [
    "train.epochs=2", "train.checkpoint.every=1", "evaluate.resamples=50", "evaluate.baselines=majority",
    "explain.repeats=2", "explain.max-rows=200", "evaluate.gate.at-least.rocAuc=0", "evaluate.gate.no-worse.rocAuc=1",
    "pipeline.window.days=3", f"pipeline.window.first={FIRST}",
]  # fmt: skip

# The first date as several tasks, the others as one, the last ones backwards; and two that cannot succeed, with their
# drivers on a worker, where spark-submit keeps no exit code. With one executor, as the driver needs a core too.
DAGS = """
from datetime import datetime, timedelta
from sluice_airflow import ONE_JOB, pipeline_dag

common = {{
    "configuration": "{root}/conf/bank-daily.conf", "schedule": "0 0 * * *", "start_date": datetime(2026, 1, 1),
    "end_date": datetime({last}), "retries": 10, "retry_delay": timedelta(seconds=1),
    "conf": {{"spark.executor.memory": "1g", "spark.driver.memory": "1g", "spark.cores.max": "1"}},
}}
days = {settings}
by_job = pipeline_dag("by_job", runs_dir="{runs}", settings=days, groups={groups}, **common)
nightly = pipeline_dag("nightly", runs_dir="{runs}", settings=days, groups=ONE_JOB, **common)
backwards = pipeline_dag("backwards", runs_dir="{runs}", settings=days, groups=ONE_JOB, **common)
on_worker = {{"groups": ONE_JOB, "conn_id": "spark_on_worker", **common}}
broken = pipeline_dag("broken", runs_dir="{runs}/broken", settings=[*days, "ingest.path={broken}"], **on_worker)
misspelled = pipeline_dag("misspelled", runs_dir="{runs}/misspelled", settings=["train.epohcs=2"], **on_worker)
"""

# What is killed, and what its process's command line has.
KILLED = {
    "driver": r"org\.apache\.spark\.deploy\.SparkSubmit .*sluice\.cli\.Main",
    "executor": r"CoarseGrainedExecutorBackend",
    "task": r"^airflow worker -- [0-9a-f]{8}-",
}


class Night:
    """N dates below a directory. Has an Airflow with its DAGs and those of this repository.

    :param backwards: how many dates, the last ones, are run backwards; fewer than there are
    :param groups: the tasks of the first date; one of them trains, and the last one promotes
    """

    def __init__(self, seed: str, count: int, backwards: int, work: Path, groups: dict[str, tuple[str, ...]]):
        self.random = random.Random(seed)
        self.work = work
        self.groups = groups
        self.runs = work / "runs"
        self.settings = [f"ingest.path={work}/days/{{date}}.csv", *QUICK]
        self.backwards = backwards
        self.dates = [str(FIRST + timedelta(days=day)) for day in range(count)]
        self.kills: dict[str, int] = dict.fromkeys(KILLED, 0)
        # What a run takes here.
        self.seconds = 60.0
        broken = work / "broken" / f"{self.dates[0]}.csv"
        self.write_days(broken)
        last = date.fromisoformat(self.dates[-1])
        dags = DAGS.format(
            root=ROOT,
            runs=self.runs,
            settings=self.settings,
            broken=broken.with_name("{date}.csv"),
            groups=groups,
            last=f"{last.year}, {last.month}, {last.day}",
        )
        self.airflow = LocalAirflow(
            work / "airflow",
            {"night_dags.py": dags},
            SLUICE_HOME=str(ROOT),
            SLUICE_PIPELINES="conf/bank.conf:conf/flights.conf",
            SLUICE_RUNS=str(self.runs),
            **trial_kit.kernels(),
        )
        first, *between = self.dates[: -self.backwards]
        self.airflow.backfill("broken", first, first)
        self.airflow.backfill("misspelled", first, first)
        self.airflow.backfill("by_job", first, first)
        if between:
            self.airflow.backfill("nightly", between[0], between[-1])
        self.airflow.backfill("backwards", self.dates[-self.backwards], self.dates[-1], "--run-backwards")

    def write_days(self, broken: Path) -> None:
        """Deals the calls out to the dates, as they began with months of few successes; a fiftieth for each, so that a
        run takes as long in a short night as in a long one.

        :param broken: becomes a file for the first date whose header is not the schema's
        """
        trial_kit.fetch("bank-full")
        header, *rows = (ROOT / "data" / "bank-full.csv").read_text().splitlines(keepends=True)
        (self.work / "days").mkdir()
        for day, name in enumerate(self.dates):
            share = rows[day :: max(len(self.dates), 50)]
            (self.work / "days" / f"{name}.csv").write_text(header + "".join(share))
        broken.parent.mkdir()
        broken.write_text((self.work / "days" / broken.name).read_text().replace(";", ","))

    def run(self) -> str:
        """The whole night; what there is to say of it.

        :raises AssertionError: what is not as it must be
        """
        backwards = self.dates[-self.backwards :]
        # Local runs beside Airflow's, which wait for one another a good part of their time.
        with ThreadPoolExecutor(1) as beside, self.running():
            unbroken = beside.submit(self.unbroken, backwards)
            self.what_cannot_succeed_ends_without_a_retry()
            self.killed_driver_is_tried_again_once()
            tries = self.killed_now_and_then("nightly", self.dates[1 : -self.backwards])
            tries += self.killed_now_and_then("backwards", backwards)
            self.same_date_again_changes_nothing()
        version = self.everything_is_there(unbroken.result())
        again = sum(tried - 1 for _, _, tried, _ in tries)
        last = self.backwards
        return (
            f"{len(self.dates)} dated runs; killed: "
            + ", ".join(f"{count} {kind}s" for kind, count in self.kills.items())
            + f"; {again} tasks were tried again after those; every ledger adds up, the last {last} bundles, made"
            f" backwards, are those of unbroken runs in order, in use is version {version}, of {self.dates[-1]}"
        )

    @contextmanager
    def running(self):
        """A cluster, and Airflow's processes."""
        environment = {
            **os.environ,
            "SLUICE_CLUSTER_DIR": str(self.work / "cluster"),
            # Where Airflow asks how a driver on a worker is.
            "SPARK_DAEMON_JAVA_OPTS": "-Dspark.master.rest.enabled=true -Dspark.master.rest.port=0",
        }
        started = subprocess.run([CLUSTER, "start"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        host, port = started.stdout.strip().rsplit(":", 1)
        log = (self.work / "cluster" / "master.log").read_text()
        rest = re.search(r"Started REST server for submitting applications on \S+ with port (\d+)", log)
        cluster = {"host": host, "port": int(port)}
        self.airflow.connect("spark_default", {**cluster, "extra": {"deploy-mode": "client"}})
        self.airflow.connect(
            "spark_on_worker",
            {**cluster, "extra": {"deploy-mode": "cluster", "rest-port": rest[1]}},
        )
        try:
            self.airflow.start()
            yield
        finally:
            self.airflow.stop()
            subprocess.run([CLUSTER, "stop"], env=environment, check=True)

    def what_cannot_succeed_ends_without_a_retry(self) -> None:
        hopeless = (("broken", 3, "header"), ("misspelled", 2, "did you mean train.epochs?"))
        for dag, _, _ in hopeless:
            self.airflow.unpause(dag)
        for dag, code, words in hopeless:
            tries = wait(dag, lambda dag=dag: self.airflow.ended(dag, 1), 900)
            assert tries == [(self.dates[0], "all.run", 1, "failed")], tries
            run = self.runs / dag / "bank-daily" / f"date={self.dates[0]}"
            status = json.loads((run / "_status.json").read_text())
            assert status["exitCode"] == code and words in status["message"], status

    def killed_driver_is_tried_again_once(self) -> None:
        first = self.dates[0]
        checkpoints = self.run_of(first) / "checkpoints"
        self.airflow.unpause("by_job")
        wait("a checkpoint", lambda: True if any(checkpoints.glob("*")) else None, 900, pause=0.05)
        assert self.kill("driver"), "the driver was gone before it could be killed"
        killed = time.monotonic()
        jobs = [job for group in self.groups.values() for job in group]
        tries = wait("by_job", lambda: self.airflow.ended("by_job", len(jobs)), 900)
        found = {task.split(".")[1]: (tried, state) for _, task, tried, state in tries}
        assert found == {job: (2 if job in ("train", "run") else 1, "success") for job in jobs}, found
        self.seconds = time.monotonic() - killed
        [event] = self.airflow.python("""
import json
from airflow.models.asset import AssetEvent
from airflow.utils.session import create_session
with create_session() as session:
    print(json.dumps([event.extra for event in session.query(AssetEvent)]))
""")
        assert event["date"] == first and event["version"] == 1 and Path(event["report"]).is_file(), event

    def killed_now_and_then(self, dag: str, dates: list[str]) -> list[tuple[str, str, int, str | None]]:
        """Kills something in the time of a run, on average, and at most twice for each date: a task that was lost is tried
        again, in vain, until its driver has ended by itself, and there are so many tries."""
        if not dates:
            return []
        self.airflow.unpause(dag)
        due = time.monotonic() + self.random.uniform(0, 2 * self.seconds)
        finished, killed = 0, 0
        while (tries := self.airflow.ended(dag, len(dates))) is None:
            now = sum(state == "success" for *_, state in self.airflow.tries(dag))
            if now != finished:
                finished, killed = now, 0
            if killed < 2 and time.monotonic() >= due:
                killed += self.kill(self.random.choice(sorted(KILLED)))
                due += self.random.uniform(0, 2 * self.seconds)
            time.sleep(1)
        failed = [one for one in tries if one[3] != "success"]
        words = "\n".join(self.airflow.last_words(dag, day) for day, *_ in failed)
        assert not failed, f"these did not succeed: {failed}\n{words}"
        assert [one[0] for one in tries] == dates, tries
        return tries

    def kill(self, kind: str) -> bool:
        """Kills one of a kind, if there is any; never what somebody else has on this machine."""
        below = [process.pid for process in self.airflow.processes]
        there = processes(KILLED[kind], below, str(self.work))
        if there:
            os.kill(self.random.choice(there), signal.SIGKILL)
            self.kills[kind] += 1
        return bool(there)

    def same_date_again_changes_nothing(self) -> None:
        last = self.dates[-1]
        before = self.published()
        [before_it] = [tried for day, _, tried, _ in self.airflow.tries("backwards") if day == last]
        self.airflow.persist("airflow", "tasks", "clear", "--yes", "--start-date", last, "--end-date", last, "backwards")

        def again() -> bool | None:
            tries = self.airflow.ended("backwards", self.backwards)
            return True if tries and any(day == last and tried > before_it for day, _, tried, _ in tries) else None

        wait("the last date, again", again, 900)
        assert self.published() == before

    def published(self) -> dict[str, int]:
        """What has been published, and when each of it was written."""
        files = ("bank-daily/*/*/_current.json", "_models/*/_current.json", "_models/*/*/_version.json")
        return {str(file): file.stat().st_mtime_ns for pattern in files for file in self.runs.glob(pattern)}

    def everything_is_there(self, unbroken: dict[str, str]) -> int:
        """Ledgers, bundles, nothing unfinished; the version that is in use.

        :param unbroken: what the bundles of some dates must be
        """
        bundles = {}
        for each in self.dates:
            run = self.run_of(each)
            check_ledger(run)
            bundles[each] = bundle(run)
            left = [path for path in run.glob("*/2*Z-*") if not (path / "_manifest.json").exists()]
            assert not left, f"unfinished attempts were left: {left}"
        models = self.runs / "_models" / "bank-daily"
        versions = {path.parent.name: json.loads(path.read_text()) for path in models.glob("0*/_version.json")}
        assert {version["date"]: version["bundle"] for version in versions.values()} == bundles
        assert len(versions) == len(bundles)
        in_use = json.loads((models / "_current.json").read_text())["changes"][-1]["version"]
        assert versions[f"{in_use:06d}"]["date"] == self.dates[-1], f"in use is {versions[f'{in_use:06d}']}"
        assert {each: bundles[each] for each in unbroken} == unbroken
        return in_use

    def unbroken(self, dates: list[str]) -> dict[str, str]:
        """The bundles of dates that are run by themselves, in order and in local mode."""
        runs = self.work / "unbroken"
        for each in dates:
            settings = [*self.settings, f"pipeline.runs-dir={runs}", f"pipeline.date={each}"]
            overrides = [word for setting in settings for word in ("--set", setting)]
            command = [SLUICE, "run", ROOT / "conf" / "bank-daily.conf", *overrides]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        return {each: bundle(runs / "bank-daily" / f"date={each}") for each in dates}

    def run_of(self, day: str) -> Path:
        return self.runs / "bank-daily" / f"date={day}"


def bundle(run: Path) -> str:
    attempt = json.loads((run / "model" / "_current.json").read_text())["attempt"]
    return json.loads((run / "model" / attempt / "bundle.json").read_text())["id"]


def check_ledger(run: Path) -> None:
    attempt = json.loads((run / "metrics" / "_current.json").read_text())["attempt"]
    rows = json.loads((run / "metrics" / attempt / "metrics.json").read_text())["rows"]
    parts = ("quarantined", "rejected", "duplicates", "train", "validation", "test")
    assert rows["read"] == sum(rows[part] for part in parts), f"{run}: {rows}"
    assert rows["trained"] == rows["train"] + rows["added"], f"{run}: {rows}"


def dates(text: str) -> int:
    if trial_kit.positive(text) < 4:
        raise argparse.ArgumentTypeError(f"must be at least 4, got {text}")
    return int(text)


def main() -> None:
    command = trial_kit.parser(__doc__)
    trial_kit.add_seed(command)
    command.add_argument("dates", nargs="?", type=dates, default=50, metavar="N", help="dated runs, at least 4 (50)")
    asked = command.parse_args()
    # Each run's processes live for a minute: in that, better machine code does not pay for its making.
    os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")

    def trial(work: Path) -> None:
        subprocess.run([ROOT / "scripts" / "airflow" / "setup.sh"], check=True)
        try:
            print(Night(asked.seed, asked.dates, 3, work, GROUPS).run())
        except AssertionError as broken:
            raise Broken(str(broken)) from broken

    trial_kit.run(trial)


if __name__ == "__main__":
    main()
