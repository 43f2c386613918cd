"""Kills runs at random moments and compares what they publish in the end with an unbroken run.

Runs the command once unbroken; then starts the same command, kills it with SIGKILL and starts it again, N times, and
lets it end. The first kills fall into one stage after the other, the next at any moment of a new run, the last at any
moment of a forced repetition. All the while and after each kill, what is visible must be complete, and files that are
not the run's must be as they were; and a training that goes on may do at most train.checkpoint.every rounds again.
Options are those of `scripts/sluice run`.
"""

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import trial_kit
from trial_kit import ROOT, SLUICE, Broken, sha256

POLL_SECONDS = 0.05
MARKER = "_sluice.json"
TRAINING = "model"
EVERY = re.compile(r"^train\.checkpoint\.every = (\d+)$", re.MULTILINE)
FOREIGN = {
    "notes.txt": "not the run's",
    "_notes.json": '{"not": "the run\'s"}',
    "20200101T000000000Z-0badc0de/part-0.parquet": "looks like an attempt and is none",
}
# What tells when it was made, what Spark names by chance, and what holds the other files' digests.
NOT_COMPARED = {"_manifest.json", "_SUCCESS", "report.html"}

TABLE = "bank.conf", ["evaluate.baselines=[majority]", "explain.repeats=2", "explain.max-rows=200"]
# A thousand short sentences, of which a GRU tags each word.
TEXTS = "zh-tags.conf", ["clean.rules=[{ type = reject-length, columns = [text], at-least = 8, at-most = 12 }]"]


def pointers(run):
    """The stages that have a current attempt, in the order of their publication."""
    found = {}
    for path in run.glob("*/_current.json"):
        try:
            found[path.parent.name] = json.loads(path.read_text())
        except FileNotFoundError:
            # Withdrawn since it was listed: a by-product follows its leader after a kill.
            continue
    return dict(sorted(found.items(), key=lambda entry: entry[1]["attempt"]))


def leaders(run):
    """The manifests of the current attempts by stage, without the stages that only follow another."""
    manifests = {}
    for stage, pointer in pointers(run).items():
        manifest = json.loads((run / stage / pointer["attempt"] / "_manifest.json").read_text())
        if manifest["siblings"][0] == stage:
            manifests[stage] = manifest
    return manifests


def check_visible(run):
    """Everything that a pointer names is there as it was published."""
    for named_by, pointer in pointers(run).items():
        for stage, digest in pointer["manifests"].items():
            attempt = run / stage / pointer["attempt"]
            manifest = attempt / "_manifest.json"
            if not manifest.is_file():
                raise Broken(f"{manifest}: missing, although {named_by}/_current.json names it")
            if sha256(manifest) != digest:
                raise Broken(f"{manifest}: not what {named_by}/_current.json was written for")
            for file in json.loads(manifest.read_text())["files"]:
                path = attempt / file["path"]
                if not path.is_file():
                    raise Broken(f"{path}: missing, although it was published")
                if path.stat().st_size != file["bytes"]:
                    raise Broken(f"{path}: {path.stat().st_size} bytes, published were {file['bytes']}")


class Foreign:
    """Files that are not the run's."""

    def __init__(self):
        self.planted = {}

    def plant(self, directory):
        for name, content in FOREIGN.items():
            path = directory / name
            if path not in self.planted:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
                self.planted[path] = self.state(path)

    def plant_around(self, run):
        """Beside the run; in it and in its stages too once it is one: it refuses what others have filled."""
        self.plant(run.parent)
        if (run / MARKER).exists():
            self.plant(run)
            for stage in run.iterdir():
                if stage.is_dir() and stage.name.isalpha():
                    self.plant(stage)

    def check(self):
        for path, state in self.planted.items():
            if not path.is_file() or self.state(path) != state:
                raise Broken(f"{path}: not the run's, and it was touched")

    @staticmethod
    def state(path):
        status = path.stat()
        return path.read_text(), status.st_mtime_ns, status.st_ino


class Trial:
    def __init__(self, work, seed, stage, arguments):
        self.work = work
        self.random = random.Random(seed)
        self.runs = work / "runs"
        # One place for every run, so that all of them are the same command.
        self.events = work / "events"
        self.events.mkdir()
        self.command = [
            SLUICE, "run", *arguments, "--set", f"pipeline.runs-dir={self.runs}", *trial_kit.Rounds.settings(self.events),
        ]  # fmt: skip
        self.environment = dict(os.environ, SPARK_LOCAL_DIRS=str(work / "spark"))
        self.log = work / "run.log"
        self.finished = []
        self.foreign = Foreign()
        self.run = None
        self.forced = False
        self.rounds = None
        # Of the training that is under way, over all commands that were killed in it.
        self.begun = []
        self.repeated = []
        self.checkpoint_every = sys.maxsize
        self.stage = stage

    def start(self):
        command = self.command + (["--force"] if self.forced else [])
        self.rounds = trial_kit.Rounds(self.events)
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    @staticmethod
    def kill(process):
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def count_rounds(self):
        """
        Counts the rounds that the command, now over, began although a killed one before it had begun them. A round
        that is a Spark job counts from its begin, so that one which the kill has cut short is among them.
        """
        begun = list(self.rounds.read())
        self.rounds.close()
        if self.forced:
            # A forced repetition goes on from nothing.
            self.begun = []
        again = len(set(begun) & set(self.begun))
        if self.begun and begun:
            self.repeated.append(again)
        if again > self.checkpoint_every:
            raise Broken(
                f"{again} rounds were done again after a kill, at most train.checkpoint.every ="
                f" {self.checkpoint_every} may be:\n{self.log.read_text()}"
            )
        self.begun = list(dict.fromkeys(self.begun + begun))

    def ended(self, process):
        """What a run that ended by itself has published, kept for comparison."""
        if process.returncode != 0:
            raise Broken(f"the command ended with {process.returncode}:\n{self.log.read_text()}")
        if self.run is None:
            self.run = next(self.runs.glob(f"*/{MARKER}")).parent
        check_visible(self.run)
        self.foreign.check()
        self.count_rounds()
        kept = self.work / f"finished-{len(self.finished)}"
        shutil.copytree(self.run, kept)
        self.finished.append(kept)

    def let_end(self):
        process = self.start()
        rounds = []
        try:
            while process.poll() is None:
                time.sleep(POLL_SECONDS)
                rounds.append((time.monotonic(), len(self.rounds.read())))
                if self.run is not None:
                    check_visible(self.run)
        except BaseException:
            self.kill(process)
            raise
        self.ended(process)
        return rounds

    def start_afresh(self):
        shutil.rmtree(self.runs)
        self.runs.mkdir()
        self.begun = []
        self.foreign = Foreign()
        self.foreign.plant_around(self.run)

    def attempts(self):
        return {
            (stage, marker.name[1:-5])
            for stage in self.stages
            for marker in (self.run / stage).glob("_2*.json")
        }

    def running(self, before):
        """The stage whose attempt was begun since and is not published."""
        current = pointers(self.run)
        for stage, attempt in self.attempts() - before:
            if current.get(stage, {}).get("attempt") != attempt:
                return stage
        return None

    def is_under_way(self, aim, before):
        """Whether the stage has begun; of a training that all kills are meant for, whether its rounds have."""
        if self.stage == TRAINING:
            return bool(self.rounds.read())
        return any(stage == aim for stage, _ in self.attempts() - before)

    def interrupt(self, aim):
        """
        Starts the command and kills it, while the aim runs or else at any moment. Returns the moment and the stage
        that was running, or None if the command ended before.
        """
        before = self.attempts()
        published = pointers(self.run)
        process = self.start()
        started = time.monotonic()
        moment = None if aim else started + self.random.uniform(0, self.seconds)
        delay = self.random.uniform(0, 0.7) * self.stages[aim] if aim else 0
        try:
            while process.poll() is None and (moment is None or time.monotonic() < moment):
                check_visible(self.run)
                if moment is None and self.is_under_way(aim, before):
                    moment = time.monotonic() + delay
                if self.stage == TRAINING and self.last_round in self.rounds.read():
                    # Too late for this training: the kill falls into the next.
                    process.wait()
                left = POLL_SECONDS if moment is None else moment - time.monotonic()
                time.sleep(max(0, min(POLL_SECONDS, left)))
        finally:
            if process.poll() is None:
                self.kill(process)
        if process.returncode != -signal.SIGKILL:
            self.ended(process)
            return None
        check_visible(self.run)
        self.foreign.check()
        self.count_rounds()
        stage = self.running(before)
        if stage is None:
            stage = "(starting)" if pointers(self.run) == published else "(between)"
        self.foreign.plant_around(self.run)
        return time.monotonic() - started, stage

    def unbroken(self):
        self.foreign.plant(self.runs)
        started = time.monotonic()
        rounds = self.let_end()
        self.seconds = time.monotonic() - started
        self.stages = {stage: manifest["seconds"] for stage, manifest in leaders(self.run).items()}
        if self.begun:
            provenance = json.loads(next(self.run.glob(f"{TRAINING}/2*/provenance.json")).read_text())
            self.checkpoint_every = int(EVERY.search(provenance["configuration"]).group(1)) or sys.maxsize
            self.last_round = self.begun[-1]
        if self.stage == TRAINING:
            under_way = [moment for moment, number in rounds if 0 < number < len(self.begun)]
            self.stages[TRAINING] = under_way[-1] - under_way[0]
            print(f"{len(self.begun)} rounds of training in {self.stages[TRAINING]:.1f} s", flush=True)

    def kills(self, number):
        stages = list(self.stages)
        if self.stage is None:
            aims = sorted(self.random.sample(stages, min(number, len(stages))), key=stages.index)
        else:
            aims = [self.stage] * number
        missed = []
        forced_from = number - (number - len(aims)) // 2
        self.start_afresh()
        complete = False
        print(f"{'kill':>4}  {'after':>7}  {'stage killed':<13} {'how':<7} visible and complete", flush=True)
        for i in range(number):
            aim = aims[i] if i < len(aims) else None
            if i >= forced_from:
                if not self.forced and not complete:
                    self.let_end()
                self.forced = True
                aim = missed.pop(0) if missed else None
            killed = None
            while killed is None:
                if complete and not self.forced:
                    self.start_afresh()
                killed = self.interrupt(aim)
                complete = killed is None or self.forced
            after, stage = killed
            if aim and stage != aim:
                missed.append(aim)
            visible = " ".join(pointers(self.run)) or "nothing"
            how = "forced" if self.forced else "plain"
            if self.stage == TRAINING:
                visible += f", {len(self.begun)} rounds begun"
            print(f"{i + 1:>4}  {after:5.1f} s  {stage:<13} {how:<7} {visible}", flush=True)
        self.let_end()

    def contents(self):
        """What each finished run has published, by stage and file: digests of tables, SHA-256 of other files."""
        contents = []
        tables = []
        for run in self.finished:
            content = {}
            for stage, pointer in pointers(run).items():
                attempt = run / stage / pointer["attempt"]
                if any(attempt.glob("part-*")) or any(attempt.glob("*=*")):
                    tables.append((content, stage, str(attempt)))
                for file in attempt.iterdir():
                    if file.is_file() and file.name not in NOT_COMPARED and file.suffix not in (".parquet", ".crc"):
                        content[f"{stage}/{file.name}"] = sha256(file)
            contents.append(content)
        answer = subprocess.run(
            [SLUICE, "digest", *[path for _, _, path in tables]],
            cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, check=False, text=True,
        )
        if answer.returncode != 0:
            raise Broken(f"the digests could not be had: exit code {answer.returncode}")
        for (content, stage, path), line in zip(tables, answer.stdout.splitlines(), strict=True):
            digest, told = line.split("  ", 1)
            if told != path:
                raise Broken(f"the digest of {path} was asked for, got that of {told}")
            content[stage] = digest
        return contents

    def compare(self):
        expected, *others = self.contents()
        differing = [
            f"{run.name}/{name}: {content.get(name)}, unbroken {expected.get(name)}"
            for run, content in zip(self.finished[1:], others, strict=True)
            for name in sorted(expected.keys() | content.keys())
            if content.get(name) != expected.get(name)
        ]
        if differing:
            raise Broken("not what the unbroken run published:\n" + "\n".join(differing))
        for name in sorted(expected):
            print(f"{expected[name]}  {name}")
        return len(others), len(expected)


def main():
    command = trial_kit.parser(__doc__)
    trial_kit.add_seed(command)
    command.add_argument(
        "--stage",
        help="that every kill falls into, one after the other without a new run; with model each falls between the first"
        " and the last round, of a training of more rounds without CONF",
    )
    command.add_argument("kills", nargs="?", type=trial_kit.positive, default=20, metavar="N", help="kills (20)")
    command.add_argument("--texts", action="store_true", help="without CONF: short sentences of conf/zh-tags.conf")
    trial_kit.add_pipeline(command, "a short conf/bank.conf")
    asked = command.parse_args()

    def trial(work):
        started = time.monotonic()
        killed = Trial(work, asked.seed, asked.stage, asked.pipeline or short(asked))
        killed.unbroken()
        stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in killed.stages.items())
        print(f"unbroken: {killed.seconds:.1f} s ({stages})", flush=True)
        killed.kills(asked.kills)
        runs, digests = killed.compare()
        print(f"{runs} runs ended after kills, {digests} digests each, {time.monotonic() - started:.0f} s")
        if killed.repeated:
            print(f"rounds begun again after a kill in training: {' '.join(map(str, killed.repeated))}")
        print(f"{asked.kills} kills: every digest equal")

    trial_kit.run(trial)


def short(asked):
    conf, own = TEXTS if asked.texts else TABLE
    rounds = [*trial_kit.MANY_ROUNDS, "train.checkpoint.every=20"] if asked.stage == TRAINING else ["train.epochs=4"]
    return [str(ROOT / "conf" / conf), *trial_kit.settings(*own, *rounds)]


main()
