#!/usr/bin/env bash
#
# Proves on a machine with an NVIDIA GPU what cannot be proved without one: that a training computes on it.
#
#   scripts/gpu-check.sh [CONF]    conf/mnist-mlp.conf
#
# Builds jobs/target/sluice.jar for GPUs, starts a standalone cluster of one worker with its GPUs, trains there, and
# sees that what was trained is as good as on a CPU. Ends with 0 if all of it holds, 1 if not, and 2 where something
# that it needs is missing. Files: target/gpu-check.
#
# Environment:
#   SLUICE_GPU_ACCURACY   LEAST:MOST of the accuracy on the test part (0.97:0.99, of conf/mnist-mlp.conf)

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$root/target/gpu-check
conf=${1:-$root/conf/mnist-mlp.conf}
range=${SLUICE_GPU_ACCURACY:-0.97:0.99}
export SLUICE_CLUSTER_DIR=$work/cluster

step() {
  printf '\n== %s\n' "$*"
}

# Something is missing that this machine must have.
missing() {
  printf 'gpu-check: %s\n' "$*" >&2
  exit 2
}

broken() {
  printf 'gpu-check: failed: %s\n' "$*" >&2
  exit 1
}

step 'The machine: a GPU with a driver, and what the build needs'
found=$("$root/scripts/gpu/discover-gpus.sh" 2>&1) ||
  missing "a machine with an NVIDIA GPU and its driver is needed: ${found#discover-gpus: }"
for command in java mvn unzip; do
  command -v "$command" >/dev/null || missing "$command is needed, and not on the path"
done
ldconfig -p | grep -q 'libcublas\.so\.11' || [[ ${LD_LIBRARY_PATH:-} == *cuda* ]] ||
  missing 'CUDA 11.6 is needed where the system finds libraries (libcublas.so.11), and neither ldconfig nor LD_LIBRARY_PATH knows it'
[[ -f $conf ]] || missing "$conf: no such file"
[[ $range =~ ^[0-9.]+:[0-9.]+$ ]] || missing "SLUICE_GPU_ACCURACY must be LEAST:MOST, got '$range'"
gpus=$(grep -o '"[0-9]*"' <<<"$found" | wc -l)
nvidia-smi --query-gpu=index,name,driver_version,memory.total --format=csv
echo "proved: the discovery script reports $found"

step 'The build: a jar that holds the CUDA build of ND4J'
(cd "$root" && mvn -q -B -ntp -Pcuda -DskipTests package)
contents=$(unzip -l "$root/jobs/target/sluice.jar")
for name in org/nd4j/linalg/jcublas/JCublasBackend.class linux-x86_64/libnd4jcuda.so linux-x86_64/libjnicudart.so \
  org/nd4j/linalg/cpu/nativecpu/CpuBackend.class; do
  grep -q "$name" <<<"$contents" || broken "jobs/target/sluice.jar must hold $name"
done
echo 'proved: the profile cuda brings the backend for GPUs, its libraries, and still the one for CPUs'

step 'The data, on the CPU: every stage before training'
rm -rf "$work/runs"
mkdir -p "$work"
name=gpu-check
settings=(--set "pipeline.runs-dir=$work/runs" --set "pipeline.name=$name")
BACKEND_PRIORITY_CPU=200 "$root/scripts/sluice" prepare "$conf" "${settings[@]}"

step "The training, on a standalone cluster of one worker with $gpus GPUs"
trap '"$root/scripts/cluster.sh" stop' EXIT
export SPARK_WORKER_OPTS="-Dspark.worker.resource.gpu.amount=$gpus -Dspark.worker.resource.gpu.discoveryScript=$root/scripts/gpu/discover-gpus.sh"
master=$("$root/scripts/cluster.sh" start 1 "$gpus" "$((gpus * 4))g")
# The driver keeps to the CPU, and the executors must not hear of it.
(cd "$root" && BACKEND_PRIORITY_CPU=200 scripts/sluice submit train "$conf" "${settings[@]}" --set train.device=gpu --force \
  -- --master "$master" --properties-file conf/spark/gpu.conf)
pinned=$(cat "$work"/cluster/work-*/app-*/*/stderr | grep -E 'device pinned: gpu|natives: ' || true)
printf '%s\n' "$pinned"
grep -q 'device pinned: gpu' <<<"$pinned" || broken "no executor says 'device pinned: gpu'"
grep -q 'natives: JCublasBackend' <<<"$pinned" || broken 'no executor says that it computes with JCublasBackend'
if grep -q 'natives: CpuBackend' <<<"$pinned"; then
  broken 'an executor says that it computes with CpuBackend'
fi
model=$("$root/scripts/sluice" path "$work/runs/$name" model)
grep -A 3 '"device"' "${model#file:}/_manifest.json" | grep -q '"gpu"' ||
  broken "${model#file:}/_manifest.json must say that the device was a gpu"
echo 'proved: executors computed on the GPUs that Spark gave their tasks, and the manifest says so'

step 'The result, judged on the CPU'
for stage in explain evaluate; do
  BACKEND_PRIORITY_CPU=200 "$root/scripts/sluice" "$stage" "$conf" "${settings[@]}" --set 'evaluate.baselines=[majority]'
done
metrics=$("$root/scripts/sluice" path "$work/runs/$name" metrics)
accuracy=$(sed -n '/"test"/,/}/s/.*"accuracy" : \([0-9.]*\).*/\1/p' "${metrics#file:}/metrics.json" | head -1)
awk -v accuracy="$accuracy" -v least="${range%:*}" -v most="${range#*:}" \
  'BEGIN { exit !(accuracy >= least && accuracy <= most) }' ||
  broken "the accuracy on the test part must be within $range, got ${accuracy:-none}"
echo "proved: a network that was trained on a GPU has an accuracy of $accuracy, within $range"

step 'A graph with attention and embeddings'
columns=(--set "pipeline.runs-dir=$work/runs" --set pipeline.name=gpu-columns --set train.epochs=2
  --set 'model={ type = network, inputs { columns = { type = transformer, dimension = 16, heads = 2, layers = 1 } } }')
BACKEND_PRIORITY_CPU=200 "$root/scripts/sluice" prepare "$root/conf/bank.conf" "${columns[@]}"
(cd "$root" && BACKEND_PRIORITY_CPU=200 scripts/sluice submit train conf/bank.conf "${columns[@]}" --set train.device=gpu --force \
  -- --master "$master" --properties-file conf/spark/gpu.conf)
model=$("$root/scripts/sluice" path "$work/runs/gpu-columns" model)
grep -A 3 '"device"' "${model#file:}/_manifest.json" | grep -q '"gpu"' ||
  broken "${model#file:}/_manifest.json must say that the device was a gpu"
BACKEND_PRIORITY_CPU=200 "$root/scripts/sluice" evaluate "$root/conf/bank.conf" "${columns[@]}" --set 'evaluate.baselines=[majority]'
echo 'proved: layers that DL4J lacks train on a GPU, and what was trained is judged on the CPU'

printf '\nAll of it holds. jobs/target/sluice.jar is still the one for GPUs: mvn -DskipTests package makes the other.\n'
