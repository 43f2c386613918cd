#!/usr/bin/env bash
#
# A pipeline on YARN, by conf/spark/yarn.conf, with the driver in the cluster.
#
#   scripts/trial-yarn.sh
#
# Gets Hadoop's own YARN of one machine and a whole Spark distribution (that of PySpark) into target/yarn, starts the one
# and, from the other, submits conf/bank.conf with few epochs by scripts/sluice submit, cluster mode, two executors; then
# the same in local mode. Exit code 1 if a job fails, or features or rows are not the same. YARN hands out 10 GiB.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ $# -gt 0 ]]; then
  sed -n '3,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
for needed in python3 pkill; do
  command -v "$needed" >/dev/null || {
    echo "The trial needs $needed, and it is not on the path." >&2
    exit 2
  }
done
"$root/scripts/sluice" build
# "Spark 3.5.x", the version that Sluice is built against.
spark=$(cut -d , -f 1 "$root/jobs/target/spark/RELEASE")
JAVA_HOME=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
export JAVA_HOME
home=$root/target/yarn
work=$(mktemp -d)
# shellcheck disable=SC2329 # called by the trap
clean() {
  # Containers outlive their node manager. Each names its directory, which is below this one.
  pkill -KILL -f "$work/" || true
  rm -rf "$work"
}
trap clean EXIT
cd "$root"
scripts/data.sh bank-full

if [[ $(cat "$home/spark/RELEASE" 2>/dev/null) != "$spark" ]]; then
  rm -rf "$home"
  mkdir -p "$home/spark"
  mvn -q -B -ntp -f scripts/yarn/pom.xml dependency:copy-dependencies -DoutputDirectory="$home/jars"
  python3 -m venv "$home/python"
  "$home/python/bin/pip" install --quiet --disable-pip-version-check setuptools wheel
  "$home/python/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation "pyspark==${spark#Spark }"
  mv "$home"/python/lib/python3*/site-packages/pyspark/{bin,jars} "$home/spark/"
  echo "$spark" >"$home/spark/RELEASE"
fi

mapfile -t opens < <(grep -v '^#' conf/java.options)
(
  cd "$work"
  exec "$JAVA_HOME/bin/java" "${opens[@]}" -Xmx512m -cp "$home/jars/*:$home/spark/jars/*" \
    "$root/scripts/yarn/LocalYarn.java" "$work/conf" 10240
) >"$work/yarn.log" 2>&1 &
yarn=$!
# It is killed in the end, which bash need not report.
disown
until grep -q STARTED "$work/yarn.log"; do
  kill -0 "$yarn" 2>/dev/null || {
    cat "$work/yarn.log" >&2
    exit 1
  }
  sleep 1
done

options=("$root/conf/bank.conf" --set "ingest.path=$root/data/bank-full.csv" --set train.epochs=2
  --set 'evaluate.baselines=[majority]' --set explain.repeats=2 --set explain.max-rows=200)
SPARK_HOME=$home/spark HADOOP_CONF_DIR=$work/conf scripts/sluice submit run "${options[@]}" \
  --set "pipeline.runs-dir=$work/submitted" -- --master yarn --deploy-mode cluster \
  --properties-file conf/spark/yarn.conf --files conf/log4j2.properties --conf spark.executor.instances=2 \
  --conf spark.executor.memory=1g --conf spark.driver.memory=1g --conf "spark.yarn.stagingDir=file://$work/staging"
scripts/sluice run "${options[@]}" --set "pipeline.runs-dir=$work/local" >/dev/null

# The digest of a run's features, and the rows of its evaluation: RUN
came_to() {
  scripts/sluice digest "$(scripts/sluice path "$1" features 2>/dev/null)" 2>/dev/null
  python3 -c 'import json, sys; print(json.dumps(json.load(open(sys.argv[1]))["rows"], sort_keys=True))' \
    "$(scripts/sluice path "$1" metrics 2>/dev/null | sed 's/^file://')/metrics.json"
}

came_to "$work/submitted/bank" >"$work/on-yarn"
came_to "$work/local/bank" >"$work/here"
cat "$work/on-yarn"
cmp "$work/on-yarn" "$work/here"
echo "on YARN as in local mode: the same features and rows"
