#!/usr/bin/env bash
# Trains, scores, exports and checks every network; src/training/README.md tells the steps.
#   run.sh quick|paper [SYSTEM …]   every system of recipes/ in that size, then SCOREBOARD.md; goes on where it stopped
#   run.sh scoreboard               SCOREBOARD.md again from the finished results
#   run.sh ship                     the seeds' chosen models, ours on their format, and the twelve findings from the quick results into src/models, and golden vectors
#   run.sh intervals                what RR intervals say of atrial fibrillation, from ltafdb, nsr2db and nsrdb: folds by patient, then the daemon's RrScore.cs and its golden vectors
#   run.sh draw [OUT.png [FILE.mat]]   the picture that S3's network sees, of a record or of a synthetic one
#   run.sh check                    the unit checks, no recordings needed
#   run.sh train | baseline | member12 | folds12 | final12 | folds1 | final1 | export | folds1-export | golden | bench | predict    the two rhythm models
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."
export PYTHONPATH="$here" OMP_WAIT_POLICY=PASSIVE
python="${PYTHON:-/usr/bin/python3}"

if ! "$python" -c 'import torch, onnx, scipy, numpy, matplotlib' 2>/dev/null; then
  echo "needs Debian's python3-torch python3-onnx python3-scipy python3-numpy python3-matplotlib" >&2
  exit 1
fi

find_recordings() { # find_recordings: ECG_DATA is the folder of unpacked sets; a packed one is unpacked into the cache once, as tests/run.sh does
  export ECG_DATA="${ECG_DATA:-$PWD/../shared/data}"
  [ -f "$ECG_DATA/unpack.py" ] || return 0
  local cache="${XDG_CACHE_HOME:-$HOME/.cache}/ecgstream/recordings" name
  for name in "$ECG_DATA"/*.tar.xz; do
    name="$(basename "$name" .tar.xz)"
    [ -f "$cache/$name/.complete" ] && continue
    rm -rf "${cache:?}/$name"
    "$python" "$ECG_DATA/unpack.py" "$cache" "$name"
    touch "$cache/$name/.complete"
  done
  export ECG_DATA="$cache"
}

use_openblas() { # use_openblas: PyTorch's dense layers are 20 times slower on Debian's reference BLAS; take OpenBLAS beside it, installing nothing
  local libraries=/usr/lib/x86_64-linux-gnu folder="$PWD/artifacts/openblas"
  [ "$(uname -m)" = x86_64 ] && [ ! -e "$libraries/openblas-pthread/libblas.so.3" ] || return 0
  local ours="$folder$libraries/openblas-pthread"
  if [ ! -e "$ours/libblas.so.3" ]; then
    mkdir -p "$folder"
    (cd "$folder" && { apt-get download libopenblas0-pthread || { apt-get update -qq && apt-get download libopenblas0-pthread; }; } >/dev/null 2>&1 && dpkg -x libopenblas0-pthread_*.deb . && rm -f ./*.deb) ||
      { echo "No libopenblas0-pthread to be had: the large networks train 20 times slower" >&2; return 0; }
  fi
  export LD_LIBRARY_PATH="$ours${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

step="${1:-train}"
shift || true
if [ "$step" != check ]; then
  use_openblas
  find_recordings
fi
case "$step" in
  quick | paper) OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" "$python" -m framework.run "$step" "$@" ;;
  scoreboard) "$python" -m framework.run scoreboard ;;
  ship) "$python" -m beats.contest "$@" && "$python" -m beats.ship "$@" && "$python" -m rhythms.ship "$@" && "$python" "$here/golden.py" ;;
  draw) "$python" -m rhythms.drawing "$@" ;;
  beatclass) # the daemon's beat models, from its own windows of MIT-BIH DS1 and of the supraventricular database
    work="$PWD/artifacts/training/beatclass"
    for leads in 1 2; do
      part="$([ $leads = 1 ] && echo one || echo two)"
      dotnet run -c Release --project src/EcgStream.Evaluation -- beats "$ECG_DATA/mitdb" --records ds1 --leads $leads --out "$work/$part/mitdb"
      dotnet run -c Release --project src/EcgStream.Evaluation -- beats "$ECG_DATA/svdb" --leads $leads --out "$work/$part/svdb"
    done
    OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" "$python" -m beatclass.train "$work" "$@"
    "$python" "$here/golden.py"
    ;;
  intervals) OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" "$python" -m fibrillation.train "$ECG_DATA/rr-annotations" "$PWD/artifacts/training/fibrillation" ;;
  check) "$python" -m unittest discover -s "$here/tests" -t "$here" "$@" ;;
  train)
    for each in baseline folds12 final12 folds1 final1 export; do "$python" "$here/train.py" "$each"; done
    "$python" "$here/golden.py"
    ;;
  golden) "$python" "$here/golden.py" "$@" ;;
  bench) "$python" "$here/bench.py" "$@" ;;
  predict) "$python" "$here/predict.py" "$@" ;;
  *) "$python" "$here/train.py" "$step" "$@" ;;
esac
