#!/usr/bin/env bash
#
# A Spark standalone cluster of real processes on this machine, for trials and tests.
#
#   scripts/cluster.sh start [WORKERS] [CORES] [MEMORY]    2 workers of 1 core and 2g each; prints the master's URL
#   scripts/cluster.sh stop
#
# Environment:
#   SLUICE_CLUSTER_DIR       logs and process numbers (jobs/target/cluster); another directory, another cluster
#   SPARK_DAEMON_JAVA_OPTS   more options of Java for master and workers

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=${SLUICE_CLUSTER_DIR:-$root/jobs/target/cluster}

say() {
  printf 'cluster: %s\n' "$*" >&2
}

usage() {
  sed -n '3,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# Starts a daemon: NAME CLASS ARGUMENT...
daemon() {
  local name=$1
  shift
  SPARK_HOME=$root/jobs/target/spark SPARK_LOCAL_IP=127.0.0.1 SPARK_DAEMON_MEMORY=512m SPARK_NO_DAEMONIZE=1 \
    SPARK_DAEMON_JAVA_OPTS="${SPARK_DAEMON_JAVA_OPTS:-} -Dlog4j2.configurationFile=file:$dir/log4j2.properties" \
    nohup "$root/jobs/target/spark/bin/spark-class" "$@" >"$dir/$name.log" 2>&1 </dev/null &
  echo $! >"$dir/$name.pid"
}

# Waits until a file holds a number of lines with a text: FILE TEXT NUMBER
wait_for() {
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    if [[ $(grep -c -- "$2" "$1" || true) -ge $3 ]]; then
      return
    fi
    sleep 0.2
  done
  say "the cluster did not start within 60 s; see $dir/*.log"
  stop
  exit 1
}

start() {
  local workers=$1 cores=$2 memory=$3 url i
  if compgen -G "$dir/*.pid" >/dev/null; then
    say "a cluster is running already, or was not stopped: scripts/cluster.sh stop"
    exit 1
  fi
  "$root/scripts/sluice" build
  # As in a driver on this machine: other kernels round otherwise, and the parameters would not be the same to the bit.
  OPENBLAS_CORETYPE=$("$root/scripts/sluice" kernels)
  [[ -z $OPENBLAS_CORETYPE ]] || export OPENBLAS_CORETYPE
  mkdir -p "$dir"
  sed 's/^rootLogger.level = .*/rootLogger.level = info/' "$root/conf/log4j2.properties" >"$dir/log4j2.properties"
  daemon master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0
  wait_for "$dir/master.log" 'Starting Spark master at' 1
  url=$(sed -n 's/.*Starting Spark master at \(spark:[^ ]*\).*/\1/p' "$dir/master.log")
  for ((i = 1; i <= workers; i++)); do
    daemon "worker-$i" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --port 0 --webui-port 0 \
      --cores "$cores" --memory "$memory" --work-dir "$dir/work-$i" "$url"
  done
  wait_for "$dir/master.log" 'Registering worker' "$workers"
  say "1 master and $workers workers of $cores cores and $memory; logs in $dir"
  echo "$url"
}

stop() {
  local file pid tries
  for file in "$dir"/worker-*.pid "$dir"/master.pid; do
    [[ -f $file ]] || continue
    pid=$(<"$file")
    # A number from before a restart of the machine may be another process's by now.
    if ps -p "$pid" -o args= 2>/dev/null | grep -q 'org.apache.spark.deploy'; then
      kill "$pid"
      for ((tries = 0; tries < 100; tries++)); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
      done
      kill -9 "$pid" 2>/dev/null || true
    fi
    rm -f "$file"
  done
  rm -rf "$dir"/work-*
}

case ${1:-} in
  start) start "${2:-2}" "${3:-1}" "${4:-2g}" ;;
  stop) stop ;;
  *) usage ;;
esac
