#!/usr/bin/env bash
#
# A night in miniature: dated runs of conf/bank-daily.conf, one after the other, by Airflow's scheduler on a standalone
# cluster of two workers, while drivers, executors and Airflow's tasks are killed at random moments.
#
#   scripts/trial-night.sh [N]     N runs, at least 4 (50)
#
# The last three dates are run backwards; the first as a task for each job, of which train has its driver killed; and
# two other pipelines, with drivers on a worker, have an error in the data and one in the configuration. In the end those
# were not tried again, the killed driver once, every run has succeeded, every ledger adds up, the last three bundles are
# those of unbroken runs in the order of their dates, one bundle is in use, that of the last date, and running that date
# again changed nothing. Exit code 1 if not; what there is then stays for a look.
#
# Environment: SLUICE_TRIAL_SEED   what the moments derive from (42)

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
runs=${1:-50}
if [[ ! $runs =~ ^[1-9][0-9]*$ ]] || ((runs < 4)); then
  sed -n '3,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
command -v python3 >/dev/null || {
  echo "The trial needs python3, and it is not on the path." >&2
  exit 2
}
# Each run's processes live for a minute: in that, better machine code does not pay for its making.
export JDK_JAVA_OPTIONS=${JDK_JAVA_OPTIONS--XX:TieredStopAtLevel=1}
"$root/scripts/sluice" build
"$root/scripts/airflow/setup.sh"
exec "$root/.venv-airflow/bin/python" "$root/scripts/airflow/night.py" "${SLUICE_TRIAL_SEED:-42}" "$runs"
