#!/usr/bin/env bash
# Runs what must hold on a GPU and prints one table: golden vectors, batcher overhead, and a minute of load. For a checkout, with the .NET SDK.
#   gpu-check.sh [--cpu] [--devices N] [--seconds S]
# --cpu runs the same on the CPU. Exit code: 0 all within the budgets, 1 not, 2 wrong arguments, 3 this machine has no CUDA (said why).
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
device=cuda devices=200 seconds=60
while [ $# -gt 0 ]; do
  case "$1" in
    --cpu) device=cpu ;;
    --devices) devices=${2:?} && shift ;;
    --seconds) seconds=${2:?} && shift ;;
    *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
  esac
  shift
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

run() { # run NAME COMMAND...: output to a file, the exit code remembered
  local name=$1 code=0
  shift
  "$@" >"$work/$name.log" 2>&1 || code=$?
  [ "$code" -eq 0 ] || failed=1
  echo "$code" >"$work/$name.code"
}

number() { # number FILE FIELD: of the last line of JSON in a log
  grep '^{' "$work/$1.log" | tail -n 1 | grep -oE "\"$2\":-?[0-9.eE+-]+" | head -n 1 | cut -d: -f2 || true
}

row() { # row NAME WHAT VALUE LIMIT
  local verdict=ok
  [ "$(cat "$work/$1.code")" = 0 ] || verdict=FAILED
  printf '%-34s %14s %14s  %s\n' "$2" "${3:--}" "$4" "$verdict"
}

for project in src/EcgStream.Daemon tests/EcgStream.Inference.Tests tests/EcgStream.Benchmarks tests/EcgStream.Load; do
  dotnet build "$project" -c Release -v quiet -nologo >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
done

if [ "$device" = cuda ]; then
  dotnet run -c Release --no-build --project src/EcgStream.Daemon -- \
    check --Inference:Device=cuda --Storage:DataDirectory="$work/data" >"$work/check.log" 2>&1 || true
  if reason=$(grep -oE 'CUDA cannot be had: .*' "$work/check.log"); then
    echo "No CUDA on this machine. $reason" >&2
    exit 3
  fi
fi

echo "Golden vectors, batcher and $seconds s of $devices devices on $device; some minutes" >&2
run golden env ECG_TEST_DEVICE="$device" dotnet test tests/EcgStream.Inference.Tests -c Release --no-build --filter FullyQualifiedName~GoldenVectorTests
run batcher dotnet run -c Release --no-build --project tests/EcgStream.Benchmarks -- plain batcher 25 "$device"
run load env ECGSTREAM_Inference__Device="$device" dotnet run -c Release --no-build --project tests/EcgStream.Load -- --devices "$devices" --seconds "$seconds"

gpu=none
[ "$device" = cpu ] || gpu=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | head -n 1 || echo unknown)
printf 'device %s, GPU %s, %s cores, %s\n\n' "$device" "$gpu" "$(nproc)" "$(git rev-parse --short HEAD 2>/dev/null || echo 'no git')"
printf '%-34s %14s %14s\n' "" measured limit
row golden "golden vectors, tests that passed" "$(sed -nE 's/.*Passed: +([0-9]+).*/\1/p' "$work/golden.log" | tail -n 1)" all
row batcher "bare session, windows/s" "$(number batcher bareWindowsPerSecond)" -
row batcher "batcher, windows/s" "$(number batcher batcherWindowsPerSecond)" -
row batcher "batcher, throughput lost, %" "$(number batcher throughputLossPercent)" "$(number batcher throughputLossBudgetPercent)"
row batcher "batcher, latency added, ms" "$(number batcher latencyOverheadMs)" "$(number batcher latencyOverheadBudgetMs)"
row load "load, chunks and windows lost" "$(number load lost)" 0
row load "load, result p99, ms" "$(number load resultP99Milliseconds)" -
row load "load, rule alarm p99, ms" "$(number load ruleAlarmP99Milliseconds)" 100
row load "load, daemon, % of a core" "$(number load cpuPercentOfOneCore)" -
row load "start to ready, s" "$(number load startToReadySeconds)" 3
for name in golden batcher load; do
  [ "$(cat "$work/$name.code")" = 0 ] || { echo; echo "$name:"; tail -n 15 "$work/$name.log"; }
done
exit $failed
