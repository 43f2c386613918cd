"""Words of Chinese sentences: conf/zh-words.conf beside HanLP on the same test rows.

The configuration is run in runs/ (what is there and unchanged stays). HanLP parts the sentences by the segmenter that it takes by
default, and without its recognition of names; so does the step `words`, whose dictionary is HanLP's. Right is a word whose both ends
are, as in the metric spanF1.
"""

import json
import os
import subprocess
from pathlib import Path

import figures
from bench_java import BENCH, JARS

HANLP = figures.RESULTS / "hanlp"


def parted(split):
    """What each way but the network comes to: its name, precision, recall and F1."""
    transforms = figures.ROOT / "transforms" / "pom.xml"
    copy = ["mvn", "-q", "-B", "-ntp", "-f", transforms, "dependency:copy-dependencies", f"-DoutputDirectory={HANLP}"]
    subprocess.run([*copy, "-DincludeArtifactIds=hanlp"], check=True)
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    class_path = f"{JARS}/*:{figures.ROOT}/jobs/target/sluice.jar:{HANLP}/*"
    log = f"-Dlog4j2.configurationFile=file:{figures.ROOT}/conf/log4j2.properties"
    options = [f"@{figures.ROOT}/conf/java.options", log, "-cp", class_path]
    done = subprocess.run(
        [java, *options, BENCH / "Words.java", split], check=True, stdout=subprocess.PIPE, text=True
    )
    for line in done.stdout.splitlines():
        name, *values = line.rsplit(" ", 3)
        yield name, [float(value) for value in values]


def main():
    figures.sluice("run", "conf/zh-words.conf")
    run = figures.ROOT / "runs" / "zh-words"
    metrics = json.loads((figures.current(run, "metrics")[0] / "metrics.json").read_text())["test"]
    found = {"network": [metrics[name] for name in ("spanPrecision", "spanRecall", "spanF1")]}
    found |= parted(figures.current(run, "split")[0])
    print(f"{metrics['rows']:,} test rows\n\n| words by | precision | recall | F1 |\n|---|---|---|---|")
    for name, values in found.items():
        print(f"| {name} | " + " | ".join(f"{value:.4f}" for value in values) + " |")
    figures.write("words", {f"words.{name}": values[-1] for name, values in found.items()})


main()
