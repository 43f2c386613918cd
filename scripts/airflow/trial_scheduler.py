"""Under a real scheduler: three dates backwards, a driver that is killed, and an error in the data.

    .venv-airflow/bin/python -m pytest scripts/airflow/trial_scheduler.py
"""

from __future__ import annotations

import json
import os
import signal
import subprocess

import pytest

from local_airflow import ROOT, processes, wait
from two_dags import LENIENT, QUICK, airflow_with_two_dags

SLUICE = ROOT / "scripts" / "sluice"


@pytest.fixture
def scheduler(tmp_path):
    """A scheduler that has been asked for three dates, the latest first, and for one that cannot succeed."""
    airflow = airflow_with_two_dags(tmp_path)
    airflow.backfill("nightly", "2026-11-01", "2026-11-03", "--run-backwards")
    airflow.backfill("broken", "2026-11-01", "2026-11-01")
    airflow.start()
    yield airflow
    airflow.stop()


def test_under_a_scheduler_dates_backwards_a_killed_driver_and_a_data_error(scheduler):
    airflow = scheduler
    first = airflow.runs / "nightly" / "bank-daily" / "date=2026-11-03"
    wait("features", lambda: True if (first / "features" / "_current.json").exists() else None, 900, pause=0.1)
    [driver] = wait("the driver", lambda: processes("SparkSubmit", "sluice.cli.Main", "nightly") or None, 60, pause=0.1)
    os.kill(driver, signal.SIGKILL)
    assert wait("nightly", lambda: airflow.ended("nightly", 3), 900) == [
        ("2026-11-01", 1, "success"),
        ("2026-11-02", 1, "success"),
        ("2026-11-03", 2, "success"),
    ]
    assert wait("broken", lambda: airflow.ended("broken", 1), 900) == [("2026-11-01", 1, "failed")]
    status = json.loads((airflow.runs / "broken/bank-daily/date=2026-11-01/_status.json").read_text())
    assert status["exitCode"] == 3
    # The latest date was first, and stays in use.
    models = airflow.runs / "nightly" / "_models" / "bank-daily"
    versions = [json.loads(path.read_text()) for path in sorted(models.glob("0*/_version.json"))]
    assert [version["date"] for version in versions] == ["2026-11-03", "2026-11-02", "2026-11-01"]
    changes = json.loads((models / "_current.json").read_text())["changes"]
    assert [change["version"] for change in changes] == [1]
    assert {version["date"]: version["bundle"] for version in versions} == bundles_in_order(airflow)


def bundles_in_order(airflow) -> dict[str, str]:
    """What the same dates give when they are run in their order, without Airflow."""
    runs = airflow.runs / "forward"
    settings = [f"pipeline.runs-dir={runs}", f"ingest.path={airflow.days}/{{date}}.csv", *LENIENT, *QUICK]
    bundles = {}
    for date in ("2026-11-01", "2026-11-02", "2026-11-03"):
        overrides = [word for one in [*settings, f"pipeline.date={date}"] for word in ("--set", one)]
        command = [SLUICE, "run", ROOT / "conf/bank-daily.conf", *overrides]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        model = runs / "bank-daily" / f"date={date}" / "model"
        attempt = json.loads((model / "_current.json").read_text())["attempt"]
        bundles[date] = json.loads((model / attempt / "bundle.json").read_text())["id"]
    return bundles
