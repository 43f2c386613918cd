"""The rounds that a training began, from Spark's event log: a round is a Spark job with a description of its own."""

import json
import re

ROUND = re.compile(r"train: epoch \d+, minibatches \d+ to \d+")
JOB_STARTS = b'{"Event":"SparkListenerJobStart"'


def settings(events):
    """What makes Spark write its event log to a directory, as settings of Sluice's configuration."""
    return [
        "--set", "spark.spark.eventLog.enabled=true",
        "--set", "spark.spark.eventLog.compress=false",
        "--set", f"spark.spark.eventLog.dir=file:{events}",
    ]  # fmt: skip


class Rounds:
    """Those of the application that starts next; Spark's log may be some milliseconds behind."""

    def __init__(self, events):
        self.events = events
        self.before = set(self.applications())
        self.log = None
        self.rest = b""
        self.begun = []

    def applications(self):
        return (path.name.removesuffix(".inprogress") for path in self.events.iterdir() if path.name[0] != ".")

    def read(self):
        """The descriptions of the rounds so far, in their order."""
        if self.log is None:
            new = next((name for name in self.applications() if name not in self.before), None)
            if new is None:
                return self.begun
            path = self.events / f"{new}.inprogress"
            # It is renamed when the application ends.
            self.log = (path if path.exists() else self.events / new).open("rb")
        *lines, self.rest = (self.rest + self.log.read()).split(b"\n")
        for line in lines:
            if line.startswith(JOB_STARTS):
                description = json.loads(line)["Properties"].get("spark.job.description", "")
                if ROUND.fullmatch(description):
                    self.begun.append(description)
        return self.begun

    def close(self):
        if self.log is not None:
            self.log.close()
