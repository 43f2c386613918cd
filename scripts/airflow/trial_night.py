"""The trial of scripts/trial-night.sh: SEED N"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from local_airflow import ROOT, LocalAirflow, processes

SLUICE = str(ROOT / "scripts" / "sluice")
FIRST = date(2026, 11, 1)
QUICK = [
    "train.epochs=2", "evaluate.resamples=50", "evaluate.baselines=majority", "explain.repeats=2", "explain.max-rows=200",
    "evaluate.gate.at-least.rocAuc=0", "evaluate.gate.no-worse.rocAuc=1", "pipeline.window.days=3",
]  # fmt: skip

DAG = """
from datetime import datetime, timedelta
from sluice_airflow import ONE_JOB, pipeline_dag

night = pipeline_dag(
    "night", "{root}/conf/bank-daily.conf", runs_dir="{runs}", settings={settings}, groups=ONE_JOB,
    schedule="0 0 * * *", start_date=datetime(2026, 11, 1), end_date=datetime({last}), retries=5, retry_delay=timedelta(seconds=1),
    conf={{"spark.executor.memory": "1g", "spark.driver.memory": "1g", "spark.cores.max": "2"}},
)
"""

# What is killed, and what its processes' command lines have.
KILLED = {
    "driver": ("org.apache.spark.deploy.SparkSubmit", "sluice.cli.Main"),
    "executor": ("CoarseGrainedExecutorBackend",),
    "task": ("airflow worker", "night"),
}


class Night:
    def __init__(self, seed: int, count: int, work: Path):
        self.random = random.Random(seed)
        self.count = count
        self.work = work
        self.runs = work / "runs"
        self.settings = [f"ingest.path={work}/days/{{date}}.csv", *QUICK]
        self.kills: dict[str, int] = dict.fromkeys(KILLED, 0)

    def run(self) -> None:
        days = [sys.executable, ROOT / "scripts" / "bank_days.py", self.work / "days", str(self.count)]
        subprocess.run(days, check=True)
        environment = {**os.environ, "SLUICE_CLUSTER_DIR": str(self.work / "cluster")}
        cluster = str(ROOT / "scripts" / "cluster.sh")
        started = subprocess.run([cluster, "start"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        host, port = started.stdout.strip().rsplit(":", 1)
        last = FIRST + timedelta(days=self.count - 1)
        dag = DAG.format(
            root=ROOT, runs=self.runs, settings=self.settings, last=f"{last.year}, {last.month}, {last.day}"
        )
        airflow = LocalAirflow(
            self.work / "airflow",
            {"night.py": dag},
            {"host": host, "port": int(port), "extra": {"deploy-mode": "client"}},
            SLUICE_HOME=str(ROOT),
        )
        try:
            airflow.backfill("night", str(FIRST), str(last))
            airflow.start()
            tries = self.watch(airflow)
        finally:
            airflow.stop()
            subprocess.run([cluster, "stop"], env=environment, check=True)
        self.check(tries)

    def watch(self, airflow: LocalAirflow) -> list[tuple[str, int, str | None]]:
        """Kills something now and then until all runs have ended."""
        while (tries := airflow.ended("night", self.count)) is None:
            time.sleep(self.random.uniform(2, 20))
            kind = self.random.choice(sorted(KILLED))
            there = processes(*KILLED[kind])
            if there:
                os.kill(self.random.choice(there), signal.SIGKILL)
                self.kills[kind] += 1
        return tries

    def check(self, tries: list[tuple[str, int, str | None]]) -> None:
        dates = [str(FIRST + timedelta(days=day)) for day in range(self.count)]
        failed = [one for one in tries if one[2] != "success"]
        assert not failed, f"these did not succeed: {failed}"
        assert [one[0] for one in tries] == dates
        bundles = {}
        for each in dates:
            run = self.runs / "bank-daily" / f"date={each}"
            self.check_ledger(run)
            bundles[each] = self.bundle(run)
        models = self.runs / "_models" / "bank-daily"
        in_use = json.loads((models / "_current.json").read_text())["changes"][-1]["version"]
        version = json.loads((models / f"{in_use:06d}" / "_version.json").read_text())
        assert version["date"] == dates[-1], f"in use must be the bundle of {dates[-1]}, is that of {version['date']}"
        assert version["bundle"] == bundles[dates[-1]]
        self.compare(bundles)
        for run in self.runs.glob("bank-daily/*"):
            left = [path for path in run.glob("*/2*") if not (path / "_manifest.json").exists()]
            assert not left, f"unfinished attempts were left: {left}"
        again = sum(tried - 1 for _, tried, _ in tries)
        print(
            f"{self.count} dated runs; killed: "
            + ", ".join(f"{count} {kind}s" for kind, count in self.kills.items())
            + f"; {again} tasks were tried again; every ledger adds up, every bundle is that of an unbroken run, in use is"
            f" version {in_use}, of {version['date']}"
        )

    def check_ledger(self, run: Path) -> None:
        attempt = json.loads((run / "metrics" / "_current.json").read_text())["attempt"]
        rows = json.loads((run / "metrics" / attempt / "metrics.json").read_text())["rows"]
        parts = ("quarantined", "rejected", "duplicates", "train", "validation", "test")
        assert rows["read"] == sum(rows[part] for part in parts), f"{run}: {rows}"
        assert rows["trained"] == rows["train"] + rows["added"], f"{run}: {rows}"

    @staticmethod
    def bundle(run: Path) -> str:
        attempt = json.loads((run / "model" / "_current.json").read_text())["attempt"]
        return json.loads((run / "model" / attempt / "bundle.json").read_text())["id"]

    def compare(self, bundles: dict[str, str]) -> None:
        """The first, the middle and the last date, run again by themselves, unbroken and in local mode."""
        dates = sorted(bundles)
        for each in sorted({dates[0], dates[len(dates) // 2], dates[-1]}):
            runs = self.work / "unbroken" / each
            settings = [*self.settings, f"pipeline.runs-dir={runs}", "pipeline.name=bank-daily", f"pipeline.date={each}"]
            overrides = [word for setting in settings for word in ("--set", setting)]
            subprocess.run(
                [SLUICE, "run", ROOT / "conf" / "bank-daily.conf", *overrides],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            found = self.bundle(runs / "bank-daily" / f"date={each}")
            assert found == bundles[each], f"the bundle of {each} must be {found} as unbroken, is {bundles[each]}"


def main() -> None:
    seed, count = int(sys.argv[1]), int(sys.argv[2])
    work = Path(tempfile.mkdtemp(prefix="sluice-night-"))
    try:
        Night(seed, count, work).run()
    except AssertionError as broken:
        print(f"{broken}\nwhat there is stays in {work}", file=sys.stderr)
        sys.exit(1)
    shutil.rmtree(work)


main()
