"""The DAG in a real Airflow: it parses, builds the right commands, and runs on a standalone cluster."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv-airflow" / "bin"
STAGES = ["ingest", "clean", "split", "normalise", "augment", "train", "evaluate"]


@pytest.fixture(scope="session")
def airflow(tmp_path_factory):
    """Runs a command of an Airflow that has this repository's DAGs and a database of its own."""
    home = tmp_path_factory.mktemp("airflow")
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "scripts" / "airflow" / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SLUICE_PIPELINES": "conf/bank.conf:conf/flights.conf",
        "SLUICE_SETTINGS": f"pipeline.runs-dir={home}/runs ingest.path={ROOT}/data/bank-full.csv"
        " train.epochs=2 evaluate.baselines=majority",
        "AIRFLOW_CONN_SPARK_DEFAULT": json.dumps({"conn_type": "spark", "host": "local[2]"}),
    }

    def run(*command: str, **more: str) -> str:
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            env={**environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("airflow", "db", "migrate")
    run.home = home
    return run


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
    """What Airflow makes of the DAG file."""
    script = """
import json
from airflow.dag_processing.dagbag import DagBag
bag = DagBag()
print("DAGS", json.dumps({"errors": bag.import_errors, "dags": {d.dag_id: {
    "tasks": [t.task_id for t in d.topological_sort()],
    "edges": {t.task_id: sorted(t.downstream_task_ids) for t in d.tasks},
    "connections": sorted({t._conn_id for t in d.tasks}),
    "max_active_runs": d.max_active_runs,
    "catchup": d.catchup,
    "command": d.get_task("train")._get_hook()._build_spark_submit_command(d.get_task("train").application),
} for d in bag.dags.values()}}))
"""
    output = airflow("python", "-c", script)
    return json.loads(next(line for line in output.splitlines() if line.startswith("DAGS ")).removeprefix("DAGS "))


def test_airflow_parses_one_dag_for_each_configuration(airflow, found):
    listed = airflow("airflow", "dags", "list-import-errors", "--local", "--output", "json")
    assert json.loads(listed.splitlines()[-1]) == []
    assert found["errors"] == {}
    assert sorted(found["dags"]) == ["sluice_bank", "sluice_flights"]
    for dag in found["dags"].values():
        assert dag["tasks"] == STAGES
        assert dag["edges"] == {stage: STAGES[i + 1 : i + 2] for i, stage in enumerate(STAGES)}
        assert dag["connections"] == ["spark_default"]
        assert dag["max_active_runs"] == 1
        assert dag["catchup"] is False


def test_a_task_submits_its_stage(airflow, found):
    assert found["dags"]["sluice_bank"]["command"] == [
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
        "--set",
        f"pipeline.runs-dir={airflow.home}/runs",
        "--set",
        f"ingest.path={ROOT}/data/bank-full.csv",
        "--set",
        "train.epochs=2",
        "--set",
        "evaluate.baselines=majority",
    ]


def test_a_run_on_a_standalone_cluster_ends_with_metrics(airflow, master):
    subprocess.run([str(ROOT / "scripts" / "data.sh"), "bank-full"], check=True)
    host, port = master.rsplit(":", 1)
    airflow(
        "airflow",
        "dags",
        "test",
        "sluice_bank",
        AIRFLOW_CONN_SPARK_DEFAULT=json.dumps(
            {"conn_type": "spark", "host": host, "port": int(port), "extra": {"deploy-mode": "client"}}
        ),
        PATH=f"{ROOT / 'jobs/target/spark/bin'}:{os.environ['PATH']}",
        OMP_NUM_THREADS="1",
    )
    pointer = json.loads((airflow.home / "runs" / "bank" / "metrics" / "_current.json").read_text())
    assert pointer
    [metrics] = (airflow.home / "runs" / "bank" / "metrics").glob("*/metrics.json")
    assert 0.6 < json.loads(metrics.read_text())["test"]["rocAuc"] < 1
