#!/usr/bin/env bash
#
# Trains on examples that take four times the heap, from disk, and beside it the same with all of them in memory.
#
#   scripts/trial-disk.sh [EPOCHS]
#
# The pictures of MNIST and twelve noisy copies of each, 717,000 examples of 784 numbers, are trained for EPOCHS (1) by
# conf/mnist-mlp.conf: with a heap of 512 MiB and the examples on disk, then with a heap of 8 GiB and the examples in
# memory. Says how fast each was. Exit code 1 if the examples do not take four times the small heap, or the parameters
# are not the same to the bit.
#
# Environment:
#   SLUICE_TRIAL_COPIES    of each picture (12)
#   SLUICE_TRIAL_HEAP      the small heap (512m)

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
epochs=${1:-1}
if [[ ! $epochs =~ ^[1-9][0-9]*$ ]]; then
  sed -n '3,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
command -v python3 >/dev/null || {
  echo "The trial needs python3, and it is not on the path." >&2
  exit 2
}
"$root/scripts/sluice" build
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SPARK_LOCAL_DIRS=$work/spark
cd "$root"
heap=${SLUICE_TRIAL_HEAP:-512m}
# Parquet is read a row group and 4,096 rows at a time, by each task: too much of rows this wide for a heap this small.
options=(conf/mnist-mlp.conf --set "pipeline.runs-dir=$work/runs" --set "train.epochs=$epochs"
  --set "augment.steps=[{type=jitter,copies=${SLUICE_TRIAL_COPIES:-12}}]"
  --set spark.spark.hadoop.parquet.block.size=16777216 --set spark.spark.sql.parquet.columnarReaderBatchSize=256)

# Runs a job: HEAP JOB OPTION...
sluice() {
  SLUICE_DRIVER_MEMORY=$1 scripts/sluice "${@:2}" >"$work/said" 2>&1 || {
    cat "$work/said" >&2
    exit 1
  }
}

# Trains: NAME HEAP STORAGE-LEVEL
train() {
  sluice "$2" train "${options[@]}" --force --set "train.storage-level=$3"
  cp -r "$(scripts/sluice path "$work/runs/mnist-mlp" model | sed 's/^file://')" "$work/$1"
}

sluice 4g prepare "${options[@]}"
train disk "$heap" disk
train memory 8g memory
python3 scripts/trial-disk.py "$heap" "$work/disk" "$work/memory"
