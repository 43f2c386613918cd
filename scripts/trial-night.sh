#!/usr/bin/env bash
#
# A night in miniature: dated runs of conf/bank-daily.conf, one after the other, by Airflow's scheduler on a standalone
# cluster of two workers, while drivers, executors and Airflow's tasks are killed at random moments.
#
#   scripts/trial-night.sh [N]     N runs (50)
#
# In the end every run has succeeded, every ledger adds up, every run has the bundle that it has when nothing is
# killed, and one bundle is in use: that of the last date. Exit code 1 if not; what there is then stays for a look.
#
# Environment: SLUICE_TRIAL_SEED   what the moments derive from (42)

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runs=${1:-50}
if [[ ! $runs =~ ^[1-9][0-9]*$ ]]; then
  sed -n '3,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
command -v python3 >/dev/null || {
  echo "The trial needs python3, and it is not on the path." >&2
  exit 2
}
"$root/scripts/sluice" build
"$root/scripts/data.sh" bank-full >&2
"$root/scripts/airflow/setup.sh"
exec "$root/.venv-airflow/bin/python" "$root/scripts/airflow/trial_night.py" "${SLUICE_TRIAL_SEED:-42}" "$runs"
