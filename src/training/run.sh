#!/usr/bin/env bash
# Trains, scores, exports and checks the shipped networks. Steps: baseline folds12 final12 folds1 final1 export golden
# predict bench; `train` = all of them in order. Finished networks are kept in artifacts/training, so a stopped run goes on.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."
export ECG_DATA="${ECG_DATA:-$PWD/data}" PYTHONPATH="$here" OMP_WAIT_POLICY=PASSIVE
python="${PYTHON:-/usr/bin/python3}"

if ! "$python" -c 'import torch, onnx, scipy, numpy' 2>/dev/null; then
  echo "needs Debian's python3-torch python3-onnx python3-scipy python3-numpy" >&2
  exit 1
fi

step="${1:-train}"
shift || true
case "$step" in
  train)
    for each in baseline folds12 final12 folds1 final1 export; do "$python" "$here/train.py" "$each"; done
    "$python" "$here/golden.py"
    ;;
  golden) "$python" "$here/golden.py" "$@" ;;
  bench) "$python" "$here/bench.py" "$@" ;;
  predict) "$python" "$here/predict.py" "$@" ;;
  *) "$python" "$here/train.py" "$step" "$@" ;;
esac
