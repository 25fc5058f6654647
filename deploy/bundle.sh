#!/usr/bin/env bash
# Builds what install.sh installs: the daemon and the simulator with their own .NET, and this folder.
#   bundle.sh [--cpu] OUT.tar.gz [dotnet publish arguments]
# --cpu leaves out ONNX Runtime's GPU providers, 270 MB: for machines that have no GPU. Without it one bundle serves both kinds.
set -euo pipefail
gpu=true
if [ "${1:-}" = --cpu ]; then gpu=false; shift; fi
[ $# -ge 1 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
out=$(realpath -m "$1")
shift
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
commit=$(git rev-parse --short HEAD 2>/dev/null || echo local)
root=$work/ecgstream-$version-$commit
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet publish src/EcgStream.Daemon -c Release -r linux-x64 --self-contained -v quiet --artifacts-path "$work/build" -p:DebugType=none "$@" -o "$root"
$gpu || rm "$root"/libonnxruntime_providers_{cuda,tensorrt}.so
mkdir "$root/deploy"
for item in runbook.md settings.md install.sh systemd prometheus mosquitto grafana/dashboards grafana/provisioning; do
  mkdir -p "$root/deploy/$(dirname "$item")"
  cp -r "deploy/$item" "$root/deploy/$item"
done
mkdir -p "$(dirname "$out")"
tar -C "$work" -czf "$out" --owner=0 --group=0 "$(basename "$root")"
echo "$out"
