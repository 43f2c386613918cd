#!/usr/bin/env bash
#
# Kills runs at random moments and compares what they publish in the end with an unbroken run.
#
#   scripts/trial-kills.sh [N [CONF [OPTION]...]]
#
# Runs the command once unbroken; then starts the same command, kills it with SIGKILL and starts it again, N
# times (20), and lets it end. The first kills fall into one stage after the other, the next at any moment of a new
# run, the last at any moment of a forced repetition. All the while and after each kill, what is visible must be
# complete, and files that are not the run's must be as they were; and a training that goes on may do at most
# train.checkpoint.every rounds again. Without CONF it is a short conf/bank.conf; options are those of
# `scripts/sluice run`. Exit code 1 if anything differs; what there is then stays for a look.
#
# Environment:
#   SLUICE_TRIAL_SEED    what the moments derive from (42)
#   SLUICE_TRIAL_STAGE   a stage that every kill falls into, one after the other without a new run. With model each
#                        falls between the first and the last round, of a training of more rounds without CONF

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
kills=${1:-20}
if [[ ! $kills =~ ^[1-9][0-9]*$ ]]; then
  sed -n '3,17s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
command -v python3 >/dev/null || {
  echo "The trial needs python3, and it is not on the path." >&2
  exit 2
}
if [[ $# -gt 1 ]]; then
  arguments=("${@:2}")
else
  arguments=("$root/conf/bank.conf" --set "evaluate.baselines=[majority]" --set explain.repeats=2
    --set explain.max-rows=200)
  if [[ ${SLUICE_TRIAL_STAGE:-} == model ]]; then
    arguments+=(--set train.epochs=16 --set train.averaging-frequency=2 --set train.early-stopping.patience=0
      --set train.checkpoint.every=20)
  else
    arguments+=(--set train.epochs=4)
  fi
fi
"$root/scripts/sluice" build
exec python3 "$root/scripts/trial-kills.py" "${SLUICE_TRIAL_SEED:-42}" "$kills" "${arguments[@]}"
