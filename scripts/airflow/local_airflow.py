"""An Airflow of one's own on this machine, with a scheduler, for tests and trials."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv-airflow" / "bin"
ENDED = ("success", "failed", "upstream_failed")


class LocalAirflow:
    """An Airflow with a home, a database and DAGs of its own, beside those of this repository.

    :param dags: texts of DAG files by name
    """

    def __init__(self, home: Path, dags: dict[str, str], **environment: str):
        self.home = home
        self.folder = home / "dags"
        self.folder.mkdir(parents=True)
        for file in (ROOT / "scripts" / "airflow" / "dags").iterdir():
            if file.is_file():
                (self.folder / file.name).write_text(file.read_text())
        for name, text in dags.items():
            (self.folder / name).write_text(text)
        self.port = free_port()
        self.environment = {
            **os.environ,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.folder),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db?timeout=60",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://localhost:{self.port}/execution/",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of this trial alone, of sixty-four bytes and some more",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            # As Airflow's processors have it; not all of its commands do.
            "PYTHONPATH": str(self.folder),
            "PATH": f"{BIN}:{ROOT / 'jobs/target/spark/bin'}:{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
            "SPARK_LOCAL_IP": "127.0.0.1",
            **environment,
        }
        self.processes = []
        self.connect("spark_default", {"host": "local[2]"})
        self("airflow", "db", "migrate")
        self("airflow", "dags", "reserialize")

    def connect(self, name: str, connection: dict) -> None:
        """Says what a connection to Spark is; to what is started from now on."""
        self.environment[f"AIRFLOW_CONN_{name.upper()}"] = json.dumps({"conn_type": "spark", **connection})

    def __call__(self, *command: str, **more: str) -> str:
        """The output of a command that must succeed."""
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, script: str):
        """The JSON that a script prints in its last line."""
        return json.loads(self("python", "-c", script).splitlines()[-1])

    def backfill(self, dag: str, first: str, last: str, *options: str) -> None:
        """Asks for the runs of some dates, one at a time; they begin once the DAG is unpaused. To be called before
        :meth:`start`: a scheduler that writes at the same time can lock the database, and then it is not known what
        this has written."""
        dates = ["--from-date", first, "--to-date", last]
        self("airflow", "backfill", "create", "--dag-id", dag, "--max-active-runs", "1", *dates, *options)

    def unpause(self, dag: str) -> None:
        self.persist("airflow", "dags", "unpause", dag)

    def persist(self, *command: str, times: int = 20) -> str:
        """The output of a command that can as well be given twice, beside a scheduler: SQLite refuses to let a
        transaction write that began by reading, if another one wrote in the meantime, however long it may wait."""
        while True:
            try:
                return self(*command)
            except AssertionError as failed:
                times -= 1
                if times == 0 or "database is locked" not in str(failed):
                    raise

    def start(self) -> None:
        """Starts the API server and, once tasks can talk to it, the scheduler and the DAG processor."""
        for command in ("api-server", "scheduler", "dag-processor"):
            if self.processes:
                wait("API server", self.healthy)
            with (self.home / f"{command}.log").open("wb") as log:
                self.processes.append(
                    subprocess.Popen(
                        [BIN / "airflow", command], env=self.environment, stdout=log, stderr=log, start_new_session=True
                    )
                )

    def healthy(self) -> bool | None:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/api/v2/monitor/health", timeout=10) as answer:
                return True if answer.status == 200 else None
        except OSError:
            return None

    def stop(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes = []

    def tries(self, dag: str) -> list[tuple[str, str, int, str | None]]:
        """Each task instance of a DAG: its date, its task, its tries, its state. Asks the database: Airflow's own ways
        take seconds, and what waits asks often."""
        with closing(sqlite3.connect(self.home / "airflow.db", timeout=60)) as database:
            found = database.execute(
                "select substr(r.logical_date, 1, 10), t.task_id, t.try_number, t.state from task_instance t"
                " join dag_run r on r.dag_id = t.dag_id and r.run_id = t.run_id where t.dag_id = ? order by 1, 2",
                [dag],
            )
            return found.fetchall()

    def ended(self, dag: str, count: int) -> list[tuple[str, str, int, str | None]] | None:
        """The tries of a DAG once so many task instances have ended; None before."""
        found = self.tries(dag)
        return found if len(found) == count and all(state in ENDED for *_, state in found) else None

    def last_words(self, dag: str, day: str, lines: int = 20) -> str:
        """The end of the log of each try of a DAG's run of a date."""
        with closing(sqlite3.connect(self.home / "airflow.db", timeout=60)) as database:
            # Named by when they may run, not by their date.
            query = "select run_id from dag_run where dag_id = ? and substr(logical_date, 1, 10) = ?"
            [run] = database.execute(query, [dag, day]).fetchone()
        said = []
        for log in sorted(self.home.glob(f"logs/dag_id={dag}/run_id={run}/**/*.log")):
            said += [str(log), *(str(json.loads(line).get("event")) for line in log.read_text().splitlines()[-lines:])]
        return "\n".join(said)


def wait(what: str, found, seconds: float = 300, pause: float = 1):
    """Waits for a value that is not None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value is not None:
            return value
        time.sleep(pause)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


def processes(pattern: str, below: Iterable[int], naming: str) -> list[int]:
    """The processes whose command line has the pattern, if they or what they descend from are among some processes, or
    have a text in their command lines."""
    table = ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="]
    listed = subprocess.run(table, stdout=subprocess.PIPE, text=True, check=True).stdout
    lines = (line.split(maxsplit=2) for line in listed.splitlines())
    there = {int(process): (int(parent), args) for process, parent, args in lines}

    def ours(process: int) -> bool:
        while process in there:
            parent, args = there[process]
            if process in below or naming in args:
                return True
            process = parent
        return False

    return [process for process, (_, args) in there.items() if re.search(pattern, args) and ours(process)]


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]
