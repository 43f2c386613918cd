"""Sluice pipelines as Airflow DAGs: one for each configuration, one task for each stage.

Environment of the scheduler and the workers:

SLUICE_HOME       where Sluice lies; by default the checkout that holds this file
SLUICE_PIPELINES  configurations, separated by colons; relative ones lie in SLUICE_HOME
SLUICE_SETTINGS   settings that hold for all of them, key=value, separated by spaces; by default the
                  run directories lie in SLUICE_HOME/runs

The connection spark_default names the cluster, and spark-submit must be on the path of the workers. Relative paths
in a configuration are relative to the working directory of Airflow's workers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, chain

STAGES = ("ingest", "clean", "split", "normalise", "augment", "train", "evaluate")

HOME = Path(os.environ.get("SLUICE_HOME", Path(__file__).resolve().parents[3]))


def pipeline_dag(
    dag_id: str,
    configuration: Path,
    *,
    settings: Iterable[str] = (),
    schedule: str | None = None,
    jar: Path = HOME / "jobs" / "target" / "sluice.jar",
    conn_id: str = "spark_default",
) -> DAG:
    """The stages of a configuration, in order, one application of Spark each.

    A stage whose inputs, settings and code are those of its last output skips itself, so that a cleared task and all
    behind it may be run again at no cost but Spark's start. One run at a time: a run directory has one writer.

    :param settings: ``key=value``, each handed to every stage as ``--set``
    :param schedule: as Airflow takes it; without one the DAG runs when it is triggered
    """
    overrides = [argument for setting in settings for argument in ("--set", setting)]
    with DAG(
        dag_id=dag_id,
        schedule=schedule,
        start_date=datetime(2026, 1, 1),
        catchup=False,
        max_active_runs=1,
        tags=["sluice"],
        doc_md=f"The Sluice pipeline of `{configuration}`.",
    ) as dag:
        chain(
            *(
                SparkSubmitOperator(
                    task_id=stage,
                    conn_id=conn_id,
                    application=str(jar),
                    java_class="sluice.cli.Main",
                    name=f"{dag_id} {stage}",
                    # One thread in each native call: every task slot has one core.
                    conf={"spark.executorEnv.OMP_NUM_THREADS": "1"},
                    application_args=[stage, str(configuration), *overrides],
                )
                for stage in STAGES
            )
        )
    return dag


for _configuration in os.environ.get("SLUICE_PIPELINES", "conf/bank.conf").split(":"):
    _path = HOME / _configuration
    _dag = pipeline_dag(
        f"sluice_{_path.stem}",
        _path,
        settings=os.environ.get("SLUICE_SETTINGS", f"pipeline.runs-dir={HOME}/runs").split(),
    )
    globals()[_dag.dag_id] = _dag
