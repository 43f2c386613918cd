#!/usr/bin/env bash
#
# Everything that must pass.
#
#   scripts/test.sh           all of it
#   scripts/test.sh --fast    without the tests that start servers (clusters, Airflow, a browser) or run whole
#                             pipelines again and again, and without packaging
#
# A skipped test is a failure. The last line reads: N passed, N failed

set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1
# Most of the many Java processes live for seconds: in those, better machine code does not pay for its making. The 48 MiB
# that Java then keeps for code are too few for those that run the tests, which sweep and compile without end.
export JDK_JAVA_OPTIONS=${JDK_JAVA_OPTIONS--XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m}

fast=false
case ${1:-} in
  '') ;;
  --fast) fast=true ;;
  *)
    sed -n '3,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac

broken=()
times=()

# Runs a part and takes its time: TITLE COMMAND...
part() {
  local title=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$title"
  "$@" || broken+=("$title")
  times+=("$(printf '%5d s  %s' $((SECONDS - start)) "$title")")
}

# Sees that a command is there, from a package of Debian where that can be: COMMAND PACKAGE
tool() {
  if command -v "$1" >/dev/null; then
    return
  fi
  if [[ $EUID != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "The tests need $1: install it (on Debian: apt-get install $2) and try again." >&2
    return 1
  fi
  echo "installing $2"
  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends "$2" >/dev/null
}

tools() {
  tool shellcheck shellcheck || return
  if ! $fast; then
    tool python3 python3 || return
    tool ps procps || return
    tool curl curl || return
    tool chromium chromium || return
  fi
}

scripts_are_clean() {
  shellcheck .ci/run scripts/sluice scripts/*.sh scripts/*/*.sh scripts/spark/spark-class scripts/spark/spark-submit
}

java_tests() {
  # The application jar has been packed already: tests that need it are run with those that do not, by the same processes.
  local goals=(verify -Dapplication.skip=true -Dtest.excludedGroups=none -Dtest.servers.phase=none)
  if $fast; then
    goals=(test spotless:check '-Dtest.excludedGroups=server | pipeline')
  fi
  rm -rf ./*/target/surefire-reports
  # A failed test is counted below, with those of the modules that follow.
  # What the tests cover, mvn verify alone measures: nothing here reads it, and tests that compute much take half as long
  # again under it.
  mvn -B -ntp "${goals[@]}" -Djacoco.skip=true -Dmaven.test.failure.ignore=true
}

# Installs Airflow, makes a home for it and parses the DAGs while the build, which compiles on one core, makes the jar; and
# goes on beside Maven's tests once it is there. Both wait a good part of their time.
begin_airflow_tests() {
  scripts/airflow/setup.sh || return
  export SLUICE_TESTS_GO_ON=$root/$go_on
  exec .venv-airflow/bin/python -m pytest -q scripts/airflow --junitxml=target/pytest.xml
}

end_airflow_tests() {
  local code=0
  wait "$airflow" || code=$?
  cat target/pytest.txt
  return "$code"
}

# Sums an attribute of the test suites in the reports: ATTRIBUTE FILE...
sum() {
  local attribute=$1
  shift
  sed -n "s/.*<testsuite .* $attribute=\"\([0-9]*\)\".*/\1/p" "$@" /dev/null | awk '{ n += $1 } END { print n + 0 }'
}

# A file that tells the tests of Airflow that there is a jar.
go_on=target/airflow-tests-go-on
mkdir -p target
rm -f target/pytest.* "$go_on"
part 'tools' tools
part 'shellcheck' scripts_are_clean
if ! $fast; then
  begin_airflow_tests >target/pytest.txt 2>&1 &
  airflow=$!
  trap 'kill "$airflow" 2>/dev/null' EXIT
  # Tests run two at a time: none must find the jar missing and build it under the feet of another.
  part 'build' scripts/sluice build
  touch "$go_on"
fi
part 'Maven' java_tests
if ! $fast; then
  part 'Airflow' end_airflow_tests
fi

shopt -s nullglob
reports=(*/target/surefire-reports/TEST-*.xml target/pytest*.xml)
ran=$(sum tests "${reports[@]}")
failed=$(($(sum failures "${reports[@]}") + $(sum errors "${reports[@]}")))
skipped=$(sum skipped "${reports[@]}")

printf '\n== time\n'
printf '%s\n' "${times[@]}" "$(printf '%5d s  all' "$SECONDS")"
printf '\n== result\n'
for title in ${broken[@]+"${broken[@]}"}; do
  echo "failed: $title"
done
if ((failed + skipped > 0)); then
  echo "tests that failed or were skipped:"
  grep -lE '<(failure|error|skipped)' "${reports[@]}" | sed 's/^/  /'
fi
if ((skipped > 0)); then
  echo "$skipped skipped; a skipped test counts as failed"
fi
if ((ran == 0)); then
  echo "no test was run"
fi
echo "$((ran - failed - skipped)) passed, $((failed + skipped)) failed"
((ran > 0 && failed + skipped == 0 && ${#broken[@]} == 0))
