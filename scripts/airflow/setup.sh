#!/usr/bin/env bash
#
# Makes .venv-airflow: Airflow with its Spark provider, every version pinned in requirements.txt.
#
# Environment: PYTHON   the Python to use, 3.10 to 3.12 (python3)

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
requirements=$root/scripts/airflow/requirements.txt
environment=$root/.venv-airflow
python=${PYTHON:-python3}

if cmp -s "$requirements" "$environment/requirements.txt"; then
  exit
fi
"$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 13))' || {
  echo "airflow: Python 3.10 to 3.12 is needed, and $python is $("$python" --version 2>&1). Set PYTHON to one." >&2
  exit 2
}
echo "airflow: installing into .venv-airflow" >&2
rm -rf "$environment"
"$python" -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements"
"$environment/bin/pip" check >&2
cp "$requirements" "$environment/requirements.txt"
