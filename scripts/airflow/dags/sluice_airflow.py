"""Sluice pipelines as Airflow DAGs: one for each configuration, one application of Spark for each job.

``pipeline_dag`` is the factory, ``SluiceOperator`` a SparkSubmitOperator that knows what Sluice's exit codes mean:

1 or a signal    the machine's or the program's doing: Airflow tries again, later each time
2, 3, 4          configuration, data, or a gate that was not passed: trying again would end the same
5                another process holds the run, perhaps the driver of a task that was lost: Airflow tries again
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import DAG, Asset, BaseHook, ObjectStoragePath, Param, TaskGroup, chain
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from airflow.timetables.interval import CronDataIntervalTimetable

# Where Sluice lies: by default the checkout that holds this file.
HOME = Path(os.environ.get("SLUICE_HOME", Path(__file__).resolve().parents[3]))

# The groups of tasks and the jobs in them, in the order in which they run.
GROUPS = {
    "data": ("ingest", "clean", "split", "normalise", "augment"),
    "model": ("train", "explain", "evaluate"),
    "release": ("gate", "promote"),
}

# All of it in one application: where stages take less time than Spark takes to start. Whether it promotes is the gate's
# to say, so that it emits no Asset.
ONE_JOB = {"all": ("run",)}

TIMEOUTS = {
    "ingest": timedelta(hours=4),
    "clean": timedelta(hours=4),
    "prepare": timedelta(hours=8),
    "train": timedelta(hours=12),
    "run": timedelta(hours=24),
}
TIMEOUT = timedelta(hours=2)

# Exit codes that another try does not change: configuration, data, gate.
FINAL = {2: "configuration", 3: "data", 4: "gate"}

_EXIT_CODE = re.compile(r"Error code is: (\d+)")


class SluiceOperator(SparkSubmitOperator):
    """Submits a job of a pipeline.

    A cluster manager keeps success or failure alone, so that the job's own status is read from the run directory,
    which may lie on anything that Airflow's object storage knows.

    :param job: a command of Sluice, as in ``train``
    :param configuration: the path of the pipeline's configuration, as the driver sees it
    :param pipeline: its name, which is the name of the directory of its runs
    :param runs_dir: where runs are kept
    :param dated: whether each run has a date, that of its data interval
    :param settings: ``key=value``, each handed on as ``--set``
    """

    def __init__(
        self,
        *,
        job: str,
        configuration: str,
        pipeline: str,
        runs_dir: str,
        dated: bool,
        settings: Iterable[str] = (),
        **submitting: Any,
    ) -> None:
        super().__init__(**submitting)
        self.job = job
        self.configuration = configuration
        self.pipeline = pipeline
        self.runs_dir = runs_dir.rstrip("/")
        self.dated = dated
        self.settings = list(settings)

    def date(self, context: Mapping[str, Any]) -> str | None:
        """The run's date: the one that was asked for, else the day that the data interval begins with."""
        if not self.dated:
            return None
        asked = context["params"].get("date")
        if asked:
            return asked
        start = context.get("data_interval_start") or context["dag_run"].run_after
        return start.strftime("%Y-%m-%d")

    def arguments(self, context: Mapping[str, Any]) -> list[str]:
        """The command line of Sluice."""
        settings = [f"pipeline.runs-dir={self.runs_dir}", f"pipeline.name={self.pipeline}", *self.settings]
        date = self.date(context)
        if date:
            settings.append(f"pipeline.date={date}")
        settings += context["params"].get("settings") or []
        force = ["--force"] if context["params"].get("force") else []
        return [self.job, self.configuration, *(word for setting in settings for word in ("--set", setting)), *force]

    def run_directory(self, context: Mapping[str, Any]) -> str:
        date = self.date(context)
        return f"{self.runs_dir}/{self.pipeline}" + (f"/date={date}" if date else "")

    def execute(self, context: Mapping[str, Any]) -> None:
        self.application_args = self.arguments(context)
        self._open_java()
        earlier = self._status(context)
        failure = None
        try:
            super().execute(context)
        except Exception as e:  # the provider raises whatever it likes, by cluster and deploy mode
            failure = e
        status = self._status(context)
        if not status or status == earlier or status["job"] != self.job:
            # This job has written none.
            status = None
        if failure or (status and status["exitCode"]):
            code, message = self._ended_with(status, failure)
            if code in FINAL:
                raise AirflowFailException(
                    f"{self.job}: exit code {code}, {FINAL[code]}; not tried again\n{message}"
                ) from failure
            raise failure or AirflowException(f"{self.job}: exit code {code}\n{message}")
        if self.outlets:
            self._tell_asset(context)

    def _open_java(self) -> None:
        """Opens to a driver on a worker of a standalone cluster what Spark needs of Java 17, and forgets there."""
        connection = BaseHook.get_connection(self._conn_id)
        mode = self._deploy_mode or connection.extra_dejson.get("deploy-mode")
        if mode == "cluster" and (connection.host or "").startswith("spark://"):
            key = "spark.driver.extraJavaOptions"
            lines = (HOME / "conf" / "java.options").read_text().splitlines()
            options = [self.conf.get(key, ""), *(line for line in lines if not line.startswith("#"))]
            self.conf = {**self.conf, key: " ".join(options).strip()}

    def _status(self, context: Mapping[str, Any]) -> Any:
        return read_json(f"{self.run_directory(context)}/_status.json")

    def _ended_with(self, status: Any, failure: Exception | None) -> tuple[int | None, str]:
        """The exit code, if there is one, and the message: by the job's status; by spark-submit where the job has not
        written any."""
        if status and status["state"] != "running":
            return status["exitCode"], status["message"]
        code = _EXIT_CODE.search(str(failure))
        return (int(code.group(1)) if code else None), str(failure)

    def _tell_asset(self, context: Mapping[str, Any]) -> None:
        version = read_json(f"{self.runs_dir}/_models/{self.pipeline}/_current.json")
        for asset in self.outlets:
            context["outlet_events"][asset].extra = {
                "run": self.run_directory(context),
                "date": self.date(context),
                "version": version["changes"][-1]["version"] if version else None,
                "report": report(self.run_directory(context)),
            }


def pipeline_dag(
    dag_id: str,
    configuration: str | Path,
    *,
    runs_dir: str,
    pipeline: str | None = None,
    dated: bool | None = None,
    settings: Iterable[str] = (),
    schedule: str | None = None,
    start_date: datetime = datetime(2026, 1, 1),
    end_date: datetime | None = None,
    catchup: bool = False,
    max_active_runs: int = 1,
    retries: int = 2,
    retry_delay: timedelta = timedelta(minutes=1),
    timeouts: Mapping[str, timedelta] = TIMEOUTS,
    jar: str | Path = HOME / "jobs" / "target" / "sluice.jar",
    groups: Mapping[str, Iterable[str]] = GROUPS,
    conn_id: str = "spark_default",
    conf: Mapping[str, str] = {},
) -> DAG:
    """A configuration as a DAG: data, model, release, a task for each job.

    A job whose inputs, settings and code are those of its last output skips itself, so that a cleared task and all
    behind it may be run again at no cost but Spark's start.

    :param configuration: as the driver sees it; by ``deploy_mode = cluster`` of the connection it must lie where the
        driver runs, or be handed over by ``spark.files``
    :param pipeline: the name of the runs' directory; by default that of the configuration's file
    :param dated: whether each run has a date; by default whether the configuration has ``{date}`` or its parts
    :param settings: ``key=value``, each handed to every job as ``--set``
    :param schedule: a cron expression; a run then has the data interval that ends when it starts. Without one the DAG
        runs when it is triggered
    :param max_active_runs: a run directory has one writer, and dates of one window share some: 1, unless windows are
        of one day
    :param retries: of failures that may be the machine's, with twice the delay each time
    :param timeouts: by job; 2 hours for others
    :param groups: which jobs, in which task groups: ``GROUPS``, ``ONE_JOB``, or a choice of one's own
    :param conf: settings of Spark
    """
    configuration = Path(configuration)
    pipeline = pipeline or configuration.stem
    if dated is None:
        dated = any(place in configuration.read_text() for place in ("{date}", "{year}", "{month}", "{day}"))
    model = Asset(name=dag_id, uri=_uri(f"{runs_dir.rstrip('/')}/_models/{pipeline}"))
    with DAG(
        dag_id=dag_id,
        schedule=CronDataIntervalTimetable(schedule, timezone="UTC") if schedule else None,
        start_date=start_date,
        end_date=end_date,
        catchup=catchup,
        max_active_runs=max_active_runs,
        tags=["sluice"],
        doc_md=f"The Sluice pipeline of `{configuration}`.",
        params={
            "date": Param(None, type=["null", "string"], format="date", description="The run's date, if not the data's."),
            "settings": Param([], type="array", items={"type": "string"}, description="More settings, key=value."),
            "force": Param(False, type="boolean", description="Runs also what has not changed."),
        },
        default_args={
            "retries": retries,
            "retry_delay": retry_delay,
            "retry_exponential_backoff": True,
            "max_retry_delay": timedelta(hours=1),
        },
    ) as dag:
        in_turn = []
        for group, jobs in groups.items():
            with TaskGroup(group) as tasks:
                chain(
                    *(
                        SluiceOperator(
                            task_id=job,
                            job=job,
                            configuration=str(configuration),
                            pipeline=pipeline,
                            runs_dir=runs_dir,
                            dated=dated,
                            settings=settings,
                            conn_id=conn_id,
                            application=str(jar),
                            java_class="sluice.cli.Main",
                            name=f"{dag_id} {job}",
                            # One thread in each native call: every task slot has one core. Java names files in the
                            # encoding of the locale; Python has set that of Airflow's own processes.
                            conf={
                                "spark.executorEnv.OMP_NUM_THREADS": "1",
                                "spark.executorEnv.LC_ALL": "C.UTF-8",
                                **conf,
                            },
                            execution_timeout=timeouts.get(job, TIMEOUT),
                            on_success_callback=link_report if job in ("evaluate", "run") else None,
                            outlets=[model] if job == "promote" else [],
                        )
                        for job in jobs
                    )
                )
            in_turn.append(tasks)
        chain(*in_turn)
    return dag


def link_report(context: Mapping[str, Any]) -> None:
    """Leaves the path of the report as the task's XCom ``report``, and in its log."""
    path = report(context["task"].run_directory(context))
    print(f"report: {path}")
    context["ti"].xcom_push(key="report", value=path)


def report(run: str) -> str | None:
    """The path of a run's current report."""
    current = read_json(f"{run}/metrics/_current.json")
    return f"{run}/metrics/{current['attempt']}/report.html" if current else None


def read_json(path: str) -> Any:
    """What a small file holds; None if there is none."""
    try:
        return json.loads(ObjectStoragePath(_uri(path)).read_text())
    except FileNotFoundError:
        return None


def _uri(path: str) -> str:
    # Not as_uri: what it escapes, such as the = of a dated run, would be taken as it stands.
    return path if "://" in path else f"file://{Path(path).absolute()}"
