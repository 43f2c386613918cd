#!/usr/bin/env bash
#
# Trains the same many times in different places and compares the parameters to the bit.
#
#   scripts/trial-same.sh [N [NAME]...]
#
# Two networks with dropout and four logical workers, mlp of layers on conf/bank.conf, lenet with convolutions on 10,000
# pictures of MNIST, or those named, are each trained N times (10) on local[1], local[2], local[4] and on a standalone
# cluster of two workers. Exit code 1 if a network does not have the same SHA-256 of its parameters everywhere.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runs=${1:-10}
networks=("${@:2}")
[[ $# -gt 1 ]] || networks=(mlp lenet)
if [[ ! $runs =~ ^[1-9][0-9]*$ || ! " ${networks[*]} " =~ ^(\ (mlp|lenet))+\ $ ]]; then
  sed -n '3,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
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
scripts/data.sh bank-full mnist

sluice() {
  scripts/sluice "$@" >"$work/said" 2>&1 || {
    cat "$work/said" >&2
    exit 1
  }
}

# Trains everywhere: NAME CONF OPTION...
trial() {
  local name=$1 conf=$2 place run found
  shift 2
  local options=("$conf" --set "pipeline.runs-dir=$work/runs" --set "pipeline.name=$name" --set train.logical-workers=4
    --set train.checkpoint.every=0 "$@")
  sluice prepare "${options[@]}"
  for place in 'local[1]' 'local[2]' 'local[4]' cluster; do
    for ((run = 0; run < runs; run++)); do
      if [[ $place == cluster ]]; then
        sluice submit train "${options[@]}" --force -- --master "$master" --driver-memory 1g --executor-memory 1g
      else
        sluice train "${options[@]}" --force --set "spark.spark.master=$place"
      fi
      found=$(scripts/sluice path "$work/runs/$name" model 2>/dev/null)
      sha256sum "${found#file:}/parameters.bin" | cut -d ' ' -f 1
    done | sort | uniq -c | sed "s/^/$name on $place: /" | tee -a "$work/sums"
  done
}

master=$(scripts/cluster.sh start 2 1 1g)
: >"$work/sums"
for name in "${networks[@]}"; do
  case $name in
    mlp) trial mlp conf/bank.conf --set train.epochs=3 ;;
    lenet)
      trial lenet conf/mnist.conf --set 'ingest.path=data/mnist/t10k-*-ubyte' --set split.by=rank \
        --set split.column=null --set 'clean.rules=[]' --set train.epochs=1
      ;;
  esac
done

for name in "${networks[@]}"; do
  if [[ $(grep "^$name " "$work/sums" | awk '{ print $NF }' | sort -u | wc -l) != 1 ]]; then
    echo "$name: not the same parameters everywhere" >&2
    exit 1
  fi
done
echo "$runs trainings in each place: the same parameters"
