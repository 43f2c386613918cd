"""What the benchmarks with a Java side share: their Java programs, and the examples that these read."""

import os
import subprocess
from pathlib import Path

import figures

BENCH = Path(__file__).parent
JARS = figures.ROOT / "jobs" / "target" / "spark" / "jars"
CLASSES = figures.RESULTS / "classes"
FEATURES = figures.RESULTS / "mnist"
MNIST = figures.ROOT / "data" / "mnist"


def java(name, *arguments, cores=2):
    """The command for a benchmark in Java, with the options that a driver has."""
    home = Path(os.environ.get("JAVA_HOME", ""), "bin") if "JAVA_HOME" in os.environ else Path()
    executable = str(home / "java")
    return [
        executable, "-Xmx3g", "-XX:+UseParallelGC", f"@{figures.ROOT}/conf/java.options",
        "--add-modules=jdk.incubator.vector",  # spark.ml's arithmetic is faster with it
        "-Dorg.bytedeco.javacpp.maxbytes=1g",
        f"-Dspark.master=local[{cores}]", "-Dspark.app.name=bench", "-Dspark.ui.enabled=false",
        "-Dspark.broadcast.compress=false", "-Dspark.task.maxDirectResultSize=64m",
        f"-Dlog4j2.configurationFile=file:{figures.ROOT}/conf/log4j2.properties",
        "-cp", f"{JARS}/*:{figures.ROOT}/jobs/target/sluice.jar:{CLASSES}",
        f"sluice.bench.{name}", *map(str, arguments),
    ]  # fmt: skip


def compile_java():
    CLASSES.mkdir(parents=True, exist_ok=True)
    jars = f"{JARS}/*:{figures.ROOT}/jobs/target/sluice.jar"
    javac = str(Path(os.environ["JAVA_HOME"], "bin", "javac")) if "JAVA_HOME" in os.environ else "javac"
    sources = sorted((BENCH / "java").rglob("*.java"))
    subprocess.run([javac, "-d", CLASSES, "-cp", jars, *sources], check=True)


def prepare():
    """Fetches the digits, compiles the programs and writes the feature tables, where these are missing."""
    figures.fetch("mnist")
    compile_java()
    if not (FEATURES / "t10k" / "_SUCCESS").exists():
        subprocess.run(java("Features", "DIGITS", FEATURES, MNIST), check=True)


def drawn(kind, count):
    """The directory of so many drawn examples, as idx files and as a feature table; of compiled programs."""
    directory = figures.RESULTS / f"{kind.lower()}-{count}"
    if not (directory / "train" / "_SUCCESS").exists():
        subprocess.run(java("Features", kind, directory, count), check=True)
    return directory
