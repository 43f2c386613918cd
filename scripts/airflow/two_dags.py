"""An Airflow with this repository's DAGs and two that run all of conf/bank-daily.conf as one task, for tests and trials."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from local_airflow import ROOT, LocalAirflow

QUICK = ["train.epochs=2", "evaluate.resamples=50", "evaluate.baselines=majority", "explain.repeats=2"]
LENIENT = ["evaluate.gate.at-least.rocAuc=0", "evaluate.gate.no-worse.rocAuc=1"]

# One that can succeed and one that cannot, both tried again after a second.
OWN_DAGS = """
from datetime import datetime, timedelta
from sluice_airflow import ONE_JOB, pipeline_dag

common = {{
    "configuration": "{root}/conf/bank-daily.conf", "groups": ONE_JOB, "schedule": "0 0 * * *",
    "start_date": datetime(2026, 11, 1), "end_date": datetime(2026, 11, 3), "retries": 1, "retry_delay": timedelta(seconds=1),
}}
days = ["ingest.path={days}/{{date}}.csv", *{lenient}, *{quick}]
nightly = pipeline_dag("nightly", runs_dir="{runs}/nightly", settings=days, **common)
broken = pipeline_dag("broken", runs_dir="{runs}/broken", settings=[*days, "sufficiency.min-rows=100000000"], **common)
"""


def airflow_with_two_dags(home: Path) -> LocalAirflow:
    """Has two attributes more: where its runs and the files of three days are."""
    subprocess.run([str(ROOT / "scripts" / "data.sh"), "bank-full"], check=True)
    days = home / "days"
    subprocess.run([sys.executable, str(ROOT / "scripts" / "bank_days.py"), str(days), "3"], check=True)
    own = OWN_DAGS.format(root=ROOT, days=days, runs=home / "runs", lenient=LENIENT, quick=QUICK)
    local = LocalAirflow(
        home / "airflow",
        {"own_dags.py": own},
        {"host": "local[2]"},
        SLUICE_HOME=str(ROOT),
        SLUICE_PIPELINES="conf/bank.conf:conf/flights.conf",
        SLUICE_RUNS=str(home / "runs"),
        SLUICE_SETTINGS=" ".join([f"ingest.path={ROOT}/data/bank-full.csv", *QUICK]),
    )
    local.runs = home / "runs"
    local.days = days
    return local
