"""A DAG for each configuration that the environment names.

Environment of the scheduler, the DAG processor and the workers:

SLUICE_HOME       where Sluice lies; by default the checkout that holds this file
SLUICE_PIPELINES  configurations, separated by colons; relative ones lie in SLUICE_HOME (conf/bank.conf)
SLUICE_RUNS       where runs are kept (SLUICE_HOME/runs)
SLUICE_SETTINGS   settings that hold for all of them, key=value, separated by spaces
SLUICE_SCHEDULE   a cron expression; without one the DAGs run when they are triggered

The connection spark_default names the cluster, and spark-submit must be on the path of the workers. Relative paths in
a configuration are relative to the working directory of Airflow's workers. For other schedules, connections or limits
than these, call pipeline_dag in a file of your own.
"""

from __future__ import annotations

import os

from sluice_airflow import HOME, pipeline_dag

for _configuration in os.environ.get("SLUICE_PIPELINES", "conf/bank.conf").split(":"):
    _path = HOME / _configuration
    _dag = pipeline_dag(
        f"sluice_{_path.stem}",
        _path,
        runs_dir=os.environ.get("SLUICE_RUNS", f"{HOME}/runs"),
        settings=os.environ.get("SLUICE_SETTINGS", "").split(),
        schedule=os.environ.get("SLUICE_SCHEDULE"),
    )
    globals()[_dag.dag_id] = _dag
