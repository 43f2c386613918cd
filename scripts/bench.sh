#!/usr/bin/env bash
#
# Measures, and writes what it measured to target/bench/NAME.json as {"figures": {name: number}} and to the screen.
#
#   scripts/bench.sh stages [CONF [OPTION]...]     rows a second and peak memory of each stage, each in a process of its
#                                                  own, from scratch (conf/flights.conf); options as of scripts/sluice
#   scripts/bench.sh seeds [N [CONF [OPTION]...]]  metrics of the network and of its baselines, averaged over N seeds
#                                                  (3, conf/bank.conf)
#   scripts/bench.sh advice [NAME]...              what train --advise predicts against what then happens; networks: bank
#                                                  mlp lenet
#   scripts/bench.sh training [--quick] [PART]...  examples a second of Sluice beside Deeplearning4j and PyTorch; parts: mlp
#                                                  lenet resnet textcnn lstm transformer transformer7m (all)
#                                                  and, by name only, mlp-curve lenet-curve (averaging frequencies) and
#                                                  sparkml (beside spark.ml)
#   scripts/bench.sh averaging [--quick]           test accuracy by averaging frequency, outer optimiser and workers; a
#                                                  run that was broken off goes on
#   scripts/bench.sh gemm [--turns N]              products of matrices by size, in GFLOP/s, against other libraries
#   scripts/bench.sh steps [NETWORK]...            examples a processor-second of a step of one thread: compiled, of
#                                                  Deeplearning4j's own layers and of PyTorch; networks: those of training
#   scripts/bench.sh text [--quick] [PART]...      texts: training over them, TF-IDF, byte pairs, vectors; parts: text-cnn
#                                                  text-gru text-transformer tfidf bpe encoder (all)
#   scripts/bench.sh defaults [--seeds N] [SET]... what comes of the defaults on eight data sets, beside scikit-learn
#                                                  (scripts/bench/defaults; packages of defaults-requirements.txt)
#   scripts/bench.sh texts [CONF]...               the pipelines of texts beside scikit-learn on the same rows (those of
#                                                  conf/; the same packages)
#   scripts/bench.sh words                         words of Chinese sentences by conf/zh-words.conf, beside HanLP
#
# An idle machine, please: what else runs is measured too.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
name=${1:-}
if [[ ! -f $root/scripts/bench/$name.py ]]; then
  sed -n '3,26s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
command -v python3 >/dev/null || {
  echo "The benchmarks need python3, and it is not on the path." >&2
  exit 2
}
"$root/scripts/sluice" build
exec python3 "$root/scripts/bench/$name.py" "${@:2}"
