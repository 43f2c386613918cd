#!/usr/bin/env bash
#
# Kills executors of a cluster while they train and compares the parameters with those of an unbroken training.
#
#   scripts/trial-executors.sh [N [CONF [OPTION]...]]
#
# Starts a standalone cluster of two workers and trains on it once unbroken; then trains again and again, without
# checkpoints, and kills an executor with SIGKILL at random moments between the first and the last round, N times (10).
# Every training must end by itself, begin every round once and have the same SHA-256 of its parameters. Without CONF
# it is conf/bank.conf with many short rounds; options are those of `scripts/sluice train`. Exit code 1 if anything
# differs.
#
# Environment:
#   SLUICE_TRIAL_SEED    what the moments derive from (42)

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
kills=${1:-10}
if [[ ! $kills =~ ^[1-9][0-9]*$ ]]; then
  sed -n '3,14s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
command -v python3 >/dev/null || {
  echo "The trial needs python3, and it is not on the path." >&2
  exit 2
}
if [[ $# -gt 1 ]]; then
  arguments=("${@:2}")
else
  arguments=("$root/conf/bank.conf" --set train.epochs=16 --set train.averaging-frequency=2
    --set train.early-stopping.patience=0)
fi
"$root/scripts/sluice" build
work=$(mktemp -d)
export SLUICE_CLUSTER_DIR=$work/cluster
# shellcheck disable=SC2329 # called by the trap
clean() {
  "$root/scripts/cluster.sh" stop >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean EXIT
cd "$root"
arguments+=(--set "pipeline.runs-dir=$work/runs" --set train.checkpoint.every=0)
scripts/sluice prepare "${arguments[@]}" >"$work/said" 2>&1 || {
  cat "$work/said" >&2
  exit 1
}
master=$(scripts/cluster.sh start 2 1 1g)
python3 scripts/trial-executors.py "${SLUICE_TRIAL_SEED:-42}" "$kills" "$work" "$master" "${arguments[@]}"
