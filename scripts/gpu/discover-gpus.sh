#!/usr/bin/env bash
#
# Says which GPUs this machine has, as Spark asks for them (spark.worker.resource.gpu.discoveryScript,
# spark.executor.resource.gpu.discoveryScript): {"name": "gpu", "addresses": ["0","1"]}
#
# An address is what nvidia-smi counts a GPU by. CUDA counts the same way only with CUDA_DEVICE_ORDER=PCI_BUS_ID,
# which conf/spark/gpu.conf sets for the executors.

set -euo pipefail

fail() {
  printf 'discover-gpus: %s\n' "$*" >&2
  exit 1
}

command -v nvidia-smi >/dev/null ||
  fail "there is no nvidia-smi on the path of $(hostname): install NVIDIA's driver, or ask for no GPU of this machine"
found=$(nvidia-smi --query-gpu=index --format=csv,noheader 2>&1) ||
  fail "nvidia-smi must list the GPUs of $(hostname), but it says: $found"
indices=$(tr -d ' \r' <<<"$found" | grep -E '^[0-9]+$') ||
  fail "nvidia-smi must list at least one GPU of $(hostname), but it says: $found"
awk '{ all = all sep "\"" $0 "\""; sep = "," } END { print "{\"name\": \"gpu\", \"addresses\": [" all "]}" }' <<<"$indices"
