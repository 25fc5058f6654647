#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs every test, and ends with "N passed, N failed, N skipped".
#   tests/run.sh [dotnet test arguments, e.g. --filter "FullyQualifiedName~Functional"]
# Needs: the .NET SDK 10, Node 20 with npm, and apt (as root or with sudo) for the peers; without apt the peers' tests are skipped.
# ECG_CASES: folder of awkward files (default ../shared/cases beside the project); without it the tests over them are skipped.
# Last, tests/EcgStream.Faults hurts the daemon for some minutes (root: also its disk and network); its outcome counts as one test.
# ECG_DATA: folder of reference recordings (default ../shared/data beside the project); without it the tests over them are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=artifacts/test-results

install_peers() { # install_peers: Debian's brokers, servers and client libraries that the interop tests talk to
  local packages=(
    mosquitto mosquitto-clients influxdb nginx-light prometheus docker-compose debootstrap systemd openssl curl
    python3-numpy python3-scipy python3-paho-mqtt python3-grpcio python3-protobuf iproute2 gcc libc6-dev
  ) missing=() root=()
  local package
  for package in "${packages[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  echo "Installing ${missing[*]}"
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

unpack_recordings() { # unpack_recordings: rebuilds the sets that tests read, once, outside the project
  export ECG_CASES=$(realpath -m "${ECG_CASES:-../shared/cases}")
  local data=${ECG_DATA:-../shared/data} cache=${XDG_CACHE_HOME:-$HOME/.cache}/ecgstream/recordings name
  if [ ! -f "$data/unpack.py" ]; then
    echo "No reference recordings in $data: the tests over them are skipped"
    return
  fi
  for name in "$data"/*.tar.xz; do
    name=$(basename "$name" .tar.xz)
    [ -f "$cache/$name/.complete" ] && continue
    rm -rf "${cache:?}/$name"
    /usr/bin/python3 "$data/unpack.py" "$cache" "$name"
    touch "$cache/$name/.complete"
  done
  export ECG_DATA_UNPACKED=$cache ECG_PYTHON=/usr/bin/python3
}

if command -v apt-get >/dev/null; then install_peers; else echo "No apt-get: tests of missing peers are skipped"; fi
(cd tests/interop-peers && npm ci --silent --no-audit --no-fund)
(cd deploy/grafana && npm ci --silent --no-audit --no-fund)
# The install test keeps its clean Debian here, so that only the first run fetches it.
export ECG_TEST_DEBIAN_ROOT=${XDG_CACHE_HOME:-$HOME/.cache}/ecgstream/debian
unpack_recordings

dotnet build EcgStream.sln -c Release -v quiet
rm -rf "$results"
status=0
dotnet test EcgStream.sln -c Release --no-build -m:1 --logger trx --results-directory "$results" -v quiet "$@" || status=$?

# Without clock-step and slow-fsync, which tests/EcgStream.Faults/README.md tells to be open. With arguments only the tests that they choose are run.
fault_names=kill,torn-tail,stop,disk-full,influx-dead,influx-hung,kill-broker,cut,half-open
faults_passed=0 faults_failed=0
if [ $# -eq 0 ]; then
  if dotnet run -c Release --no-build --project tests/EcgStream.Faults -- short --only "$fault_names"; then faults_passed=1; else faults_failed=1 status=1; fi
fi

# The totals come from the result files, so that an assembly that crashed cannot pass as one with nothing to run.
awk -v faults_passed=$faults_passed -v faults_failed=$faults_failed '
  match($0, /<Counters [^>]*>/) {
    counters = substr($0, RSTART, RLENGTH)
    total += field("total"); passed += field("passed"); failed += field("failed") + field("error") + field("timeout") + field("aborted")
    executed += field("executed")
  }
  function field(name,   value) {
    if (!match(counters, " " name "=\"[0-9]+\"")) return 0
    value = substr(counters, RSTART, RLENGTH); gsub(/[^0-9]/, "", value); return value + 0
  }
  END { printf "%d passed, %d failed, %d skipped\n", passed + faults_passed, failed + faults_failed, total - executed }' "$results"/*.trx
exit $status
