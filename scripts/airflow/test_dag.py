"""The DAGs in a real Airflow: they parse, build commands that Sluice takes, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local_airflow import ROOT

sys.path.append(str(ROOT / "scripts" / "trials"))
from night import GROUPS, Night  # noqa: E402

SLUICE = ROOT / "scripts" / "sluice"
TASKS = [f"{group}.{job}" for group, jobs in GROUPS.items() for job in jobs]


@pytest.fixture(scope="session")
def night(tmp_path_factory):
    # Few tasks on the first date: each starts a Spark of its own.
    return Night("42", 3, 2, tmp_path_factory.mktemp("night"), {"all": ("run",), "release": ("promote",)})


@pytest.fixture(scope="session")
def jar():
    """The application jar, for which scripts/test.sh lets these tests wait."""
    go_on = os.environ.get("SLUICE_TESTS_GO_ON")
    while go_on and not Path(go_on).exists():
        time.sleep(1)


@pytest.fixture(scope="session")
def airflow(night):
    return night.airflow


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
    assert sorted(found["dags"]) == [
        "backwards", "broken", "by_job", "misspelled", "nightly", "sluice_bank", "sluice_flights",
    ]  # fmt: skip
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
    assert found["dags"]["nightly"]["timeouts"] == {"all.run": 24 * 3600}
    assert found["dags"]["nightly"]["dated"] == [True]
    for name, dag in found["dags"].items():
        assert dag["connections"] == ["spark_on_worker" if name in ("broken", "misspelled") else "spark_default"]
        assert dag["max_active_runs"] == 1


def test_a_task_submits_its_job(night, found):
    settings = [f"pipeline.runs-dir={night.runs}", "pipeline.name=bank"]
    assert found["dags"]["sluice_bank"]["commands"]["model.train"] == [
        "spark-submit",
        "--master",
        "local[2]",
        "--conf",
        "spark.executorEnv.OMP_NUM_THREADS=1",
        "--conf",
        "spark.executorEnv.LC_ALL=C.UTF-8",
        "--name",
        "sluice_bank train",
        "--class",
        "sluice.cli.Main",
        str(ROOT / "jobs/target/sluice.jar"),
        "train",
        str(ROOT / "conf/bank.conf"),
        *(word for setting in settings for word in ("--set", setting)),
    ]
    assert found["dags"]["nightly"]["forced"][-5:] == [
        "--set",
        "pipeline.date=2026-11-02",
        "--set",
        "pipeline.seed=7",
        "--force",
    ]


def test_every_command_is_one_that_sluice_takes(found, jar):
    def dry_run(command: list[str]) -> subprocess.CompletedProcess:
        arguments = command[command.index(str(ROOT / "jobs/target/sluice.jar")) + 1 :]
        return subprocess.run([SLUICE, *arguments, "--dry-run"], capture_output=True, text=True, check=False)

    commands = [command for name in ("sluice_bank", "nightly") for command in found["dags"][name]["commands"].values()]
    with ThreadPoolExecutor(2) as pool:
        for command, done in zip(commands, pool.map(dry_run, commands), strict=True):
            assert done.returncode == 0, f"{command}: {done.stderr}"
            assert done.stdout


def test_a_night_of_three_dates_with_kills(night, jar):
    """Under a scheduler, on a cluster; longer ones by scripts/trial.sh night."""
    print(night.run())
