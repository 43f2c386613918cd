"""A pipeline on YARN, by conf/spark/yarn.conf, with the driver in the cluster.

Gets Hadoop's own YARN of one machine and a whole Spark distribution (that of PySpark) into target/yarn, starts the one
and, from the other, submits conf/bank.conf with few epochs by scripts/sluice submit, cluster mode, two executors; then
runs the same in local mode. The promise is broken if a job fails, or features or rows are not the same. YARN hands out
10 GiB.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import trial_kit
from trial_kit import ROOT, Broken

HOME = ROOT / "target" / "yarn"
SPARK = HOME / "spark"
MEBIBYTES = 10_240
START_SECONDS = 120


def java_home():
    java = shutil.which("java")
    return os.environ.get("JAVA_HOME") or str(Path(java).resolve().parents[1] if java else "/usr")


def install():
    """Hadoop's jars, and the Spark that Sluice is built against."""
    # As in "Spark 3.5.7, assembled from ..."
    spark = (ROOT / "jobs" / "target" / "spark" / "RELEASE").read_text().split(",")[0]
    release = SPARK / "RELEASE"
    if release.exists() and release.read_text() == spark:
        return
    shutil.rmtree(HOME, ignore_errors=True)
    SPARK.mkdir(parents=True)
    python = HOME / "python"
    pip = [str(python / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        ["mvn", "-q", "-B", "-ntp", "-f", "scripts/yarn/pom.xml", "dependency:copy-dependencies",
         f"-DoutputDirectory={HOME}/jars"],
        [sys.executable, "-m", "venv", str(python)],
        [*pip, "setuptools", "wheel"],
        [*pip, "--no-deps", "--no-build-isolation", f"pyspark=={spark.removeprefix('Spark ')}"],
    ):  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=True)
    [pyspark] = python.glob("lib/python3*/site-packages/pyspark")
    for part in ("bin", "jars"):
        shutil.move(pyspark / part, SPARK / part)
    release.write_text(spark)


def naming(text):
    """The processes whose command line has a text, this one apart."""
    listed = subprocess.run(["ps", "-A", "-ww", "-o", "pid=,args="], stdout=subprocess.PIPE, text=True, check=True)
    lines = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return [int(pid) for pid, *args in lines if text in "".join(args) and int(pid) != os.getpid()]


@contextmanager
def yarn(work):
    """A YARN of this machine; the directory with the configuration of its clients."""
    opens = [line for line in (ROOT / "conf" / "java.options").read_text().splitlines() if not line.startswith("#")]
    log = work / "yarn.log"
    conf = work / "conf"
    command = [
        f"{java_home()}/bin/java", *opens, "-Xmx512m", "-cp", f"{HOME}/jars/*:{SPARK}/jars/*",
        str(ROOT / "scripts" / "yarn" / "LocalYarn.java"), str(conf), str(MEBIBYTES),
    ]  # fmt: skip
    try:
        with log.open("wb") as said:
            process = subprocess.Popen(command, cwd=work, stdout=said, stderr=said)
        end = time.monotonic() + START_SECONDS
        while "STARTED" not in log.read_text():
            if process.poll() is not None or time.monotonic() > end:
                raise Broken(f"YARN did not start:\n{log.read_text()}")
            time.sleep(1)
        yield conf
    finally:
        # Containers outlive their node manager. Each names its directory, which is below this one.
        for pid in naming(f"{work}/"):
            os.kill(pid, signal.SIGKILL)


def came_to(run):
    """The digest of a run's features, and the rows of its evaluation."""
    features = trial_kit.sluice("digest", str(trial_kit.current(run, "features"))).split()[0]
    metrics = json.loads((trial_kit.current(run, "metrics") / "metrics.json").read_text())
    return f"{features}\n{json.dumps(metrics['rows'], sort_keys=True)}"


def trial(work):
    os.environ["JAVA_HOME"] = java_home()
    trial_kit.fetch("bank-full")
    install()
    options = [str(ROOT / "conf" / "bank.conf"), *trial_kit.settings(
        f"ingest.path={ROOT}/data/bank-full.csv", "train.epochs=2", "evaluate.baselines=[majority]", "explain.repeats=2",
        "explain.max-rows=200",
    )]  # fmt: skip
    with yarn(work) as conf:
        trial_kit.sluice(
            "submit", "run", *options, *trial_kit.settings(f"pipeline.runs-dir={work}/submitted"),
            "--", "--master", "yarn", "--deploy-mode", "cluster", "--properties-file", "conf/spark/yarn.conf",
            "--files", "conf/log4j2.properties", "--conf", "spark.executor.instances=2",
            "--conf", "spark.executor.memory=1g", "--conf", "spark.driver.memory=1g",
            "--conf", f"spark.yarn.stagingDir=file://{work}/staging",
            environment={"SPARK_HOME": str(SPARK), "HADOOP_CONF_DIR": str(conf)},
        )  # fmt: skip
    trial_kit.sluice("run", *options, *trial_kit.settings(f"pipeline.runs-dir={work}/local"))
    submitted = came_to(work / "submitted" / "bank")
    here = came_to(work / "local" / "bank")
    print(submitted)
    if submitted != here:
        raise Broken(f"not what local mode came to:\n{here}")
    print("on YARN as in local mode: the same features and rows")


def main():
    trial_kit.parser(__doc__).parse_args()
    trial_kit.run(trial)


main()
