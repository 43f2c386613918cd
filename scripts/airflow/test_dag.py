"""The DAGs in a real Airflow: they parse, build commands that Sluice takes, and run, under a real scheduler too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local_airflow import ROOT, LocalAirflow, processes, wait

SLUICE = ROOT / "scripts" / "sluice"
GROUPS = {
    "data": ["ingest", "clean", "split", "normalise", "augment"],
    "model": ["train", "explain", "evaluate"],
    "release": ["gate", "promote"],
}
TASKS = [f"{group}.{job}" for group, jobs in GROUPS.items() for job in jobs]
QUICK = ["train.epochs=2", "evaluate.resamples=50", "evaluate.baselines=majority", "explain.repeats=2"]
LENIENT = ["evaluate.gate.at-least.rocAuc=0", "evaluate.gate.no-worse.rocAuc=1"]

# Two DAGs of one's own: a whole run as one task, quickly tried again.
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


@pytest.fixture(scope="session")
def airflow(tmp_path_factory):
    """An Airflow with this repository's DAGs and two more."""
    subprocess.run([str(ROOT / "scripts" / "data.sh"), "bank-full"], check=True)
    home = tmp_path_factory.mktemp("airflow")
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


@pytest.fixture(scope="session")
def master():
    """The address of a standalone master with two worker processes."""
    script = str(ROOT / "scripts" / "cluster.sh")
    environment = {**os.environ, "SLUICE_CLUSTER_DIR": str(ROOT / "jobs" / "target" / "cluster-airflow")}
    started = subprocess.run([script, "start"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    yield started.stdout.strip()
    subprocess.run([script, "stop"], env=environment, check=True)


@pytest.fixture(scope="session")
def found(airflow) -> dict:
    """What Airflow makes of the DAG files."""
    script = """
import json
from airflow.dag_processing.dagbag import DagBag
def command(task, params):
    task.application_args = task.arguments({"params": params, "data_interval_start": None, "dag_run": None})
    return task._get_hook()._build_spark_submit_command(task.application)
bag = DagBag()
print("DAGS", json.dumps({"errors": bag.import_errors, "dags": {d.dag_id: {
    "tasks": [t.task_id for t in d.topological_sort()],
    "edges": {t.task_id: sorted(t.downstream_task_ids) for t in d.tasks},
    "connections": sorted({t._conn_id for t in d.tasks}),
    "retries": sorted({(t.retries, t.retry_exponential_backoff != 0) for t in d.tasks}),
    "timeouts": {t.task_id: t.execution_timeout.total_seconds() for t in d.tasks},
    "outlets": {t.task_id: [a.name for a in t.outlets] for t in d.tasks if t.outlets},
    "dated": sorted({t.dated for t in d.tasks}),
    "max_active_runs": d.max_active_runs,
    "catchup": d.catchup,
    "commands": {t.task_id: command(t, {"date": "2026-11-01"}) for t in d.tasks},
    "forced": command(d.tasks[0], {"date": "2026-11-02", "force": True, "settings": ["pipeline.seed=7"]})[-9:],
} for d in bag.dags.values()}}))
"""
    output = airflow("python", "-c", script)
    return json.loads(next(line for line in output.splitlines() if line.startswith("DAGS ")).removeprefix("DAGS "))


def test_airflow_parses_one_dag_for_each_configuration(airflow, found):
    listed = airflow("airflow", "dags", "list-import-errors", "--local", "--output", "json")
    assert json.loads(listed.splitlines()[-1]) == []
    assert found["errors"] == {}
    assert sorted(found["dags"]) == ["broken", "nightly", "sluice_bank", "sluice_flights"]
    for name in ("sluice_bank", "sluice_flights"):
        dag = found["dags"][name]
        assert dag["tasks"] == TASKS
        assert dag["edges"] == {task: TASKS[i + 1 : i + 2] for i, task in enumerate(TASKS)}
        assert dag["outlets"] == {"release.promote": [name]}
        assert dag["retries"] == [[2, True]]
        assert dag["timeouts"]["model.train"] == 12 * 3600
        assert dag["dated"] == [False]
        assert dag["catchup"] is False
    assert found["dags"]["nightly"]["tasks"] == ["all.run"]
    assert found["dags"]["nightly"]["dated"] == [True]
    for dag in found["dags"].values():
        assert dag["connections"] == ["spark_default"]
        assert dag["max_active_runs"] == 1


def test_a_task_submits_its_job(airflow, found):
    settings = [f"pipeline.runs-dir={airflow.runs}", "pipeline.name=bank", f"ingest.path={ROOT}/data/bank-full.csv"]
    assert found["dags"]["sluice_bank"]["commands"]["model.train"] == [
        "spark-submit",
        "--master",
        "local[2]",
        "--conf",
        "spark.executorEnv.OMP_NUM_THREADS=1",
        "--name",
        "sluice_bank train",
        "--class",
        "sluice.cli.Main",
        str(ROOT / "jobs/target/sluice.jar"),
        "train",
        str(ROOT / "conf/bank.conf"),
        *(word for setting in [*settings, *QUICK] for word in ("--set", setting)),
    ]
    assert found["dags"]["nightly"]["forced"][-5:] == [
        "--set",
        "pipeline.date=2026-11-02",
        "--set",
        "pipeline.seed=7",
        "--force",
    ]


def test_every_command_is_one_that_sluice_takes(found):
    for name in ("sluice_bank", "nightly"):
        for task, command in found["dags"][name]["commands"].items():
            arguments = command[command.index(str(ROOT / "jobs/target/sluice.jar")) + 1 :]
            done = subprocess.run([SLUICE, *arguments, "--dry-run"], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{task}: {done.stderr}"
            assert done.stdout


def test_a_run_on_a_standalone_cluster_ends_with_a_promoted_bundle_and_another_changes_nothing(airflow, master):
    host, port = master.rsplit(":", 1)
    connection = json.dumps(
        {"conn_type": "spark", "host": host, "port": int(port), "extra": {"deploy-mode": "client"}}
    )
    airflow("airflow", "dags", "test", "sluice_bank", AIRFLOW_CONN_SPARK_DEFAULT=connection)
    run = airflow.runs / "bank"
    [metrics] = run.glob("metrics/*/metrics.json")
    assert 0.6 < json.loads(metrics.read_text())["test"]["rocAuc"] < 1
    version = json.loads((airflow.runs / "_models" / "bank" / "000001" / "_version.json").read_text())
    assert version["run"] == f"file:{run}"
    assert version["metrics"] == metrics.parent.name
    before = pointers(run)
    airflow("airflow", "dags", "test", "sluice_bank")
    assert pointers(run) == before
    assert len(json.loads((airflow.runs / "_models" / "bank" / "_current.json").read_text())["changes"]) == 1


def pointers(run: Path) -> dict[str, str]:
    return {path.parent.name: path.read_text() for path in run.glob("*/_current.json")}


@pytest.fixture
def scheduler(airflow):
    """A scheduler that has been asked for three dates, the latest first, and for one that cannot succeed."""
    airflow.prepare("nightly", "broken")
    airflow.backfill("nightly", "2026-11-01", "2026-11-03", "--run-backwards")
    airflow.backfill("broken", "2026-11-01", "2026-11-01")
    airflow.start()
    yield airflow
    airflow.stop()


def test_under_a_scheduler_dates_backwards_a_killed_driver_and_a_data_error(scheduler):
    airflow = scheduler
    first = airflow.runs / "nightly" / "bank-daily" / "date=2026-11-03"
    wait("features", lambda: True if (first / "features" / "_current.json").exists() else None, pause=0.1)
    [driver] = wait("the driver", lambda: processes("SparkSubmit", "sluice.cli.Main", "nightly") or None)
    os.kill(driver, signal.SIGKILL)
    assert wait("nightly", lambda: airflow.ended("nightly", 3), 600) == [
        ("2026-11-01", 1, "success"),
        ("2026-11-02", 1, "success"),
        ("2026-11-03", 2, "success"),
    ]
    assert wait("broken", lambda: airflow.ended("broken", 1)) == [("2026-11-01", 1, "failed")]
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
