#!/usr/bin/env bash
#
# Tries to break what Sluice promises.
#
#   scripts/trial.sh kills       kills runs at random moments; what they publish in the end is that of an unbroken run
#   scripts/trial.sh executors   kills executors while they train on a cluster; the parameters are those of an unbroken training
#   scripts/trial.sh same        trains the same many times in four places; the parameters are the same to the bit
#   scripts/trial.sh disk        trains from disk on examples of four times the heap; the parameters are those of memory
#   scripts/trial.sh million     a million categories, from CSV to predictions with 2 GiB of heap and 1 for arrays
#   scripts/trial.sh scorer      scores the test rows of pipelines over texts by Spark and in plain Java; the bits are the same
#   scripts/trial.sh encoders    encodes texts by pretrained networks; the vectors are ONNX Runtime's
#   scripts/trial.sh few         trains on few labels from scratch and from pretrained weights; these beat that (hours)
#   scripts/trial.sh yarn        a pipeline on YARN, the driver in the cluster; features and rows are those of local mode
#   scripts/trial.sh night       a night of dated runs under Airflow; drivers, executors and tasks are killed
#
# scripts/trial.sh NAME --help says what a trial takes. Exit code 0 if the promise held, 1 if not: what there is then
# stays for a look. 2 if the trial could not be started.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
name=${1:-}
if [[ ! $name =~ ^[a-z]+$ || ! -f $root/scripts/trials/$name.py ]]; then
  sed -n '3,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
command -v python3 >/dev/null || {
  echo "The trials need python3, and it is not on the path." >&2
  exit 2
}
exec python3 "$root/scripts/trials/$name.py" "${@:2}"
