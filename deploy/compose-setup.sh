#!/usr/bin/env bash
# Makes what the compose file needs and no repository should hold: passwords and tokens (deploy/.env), the broker's users and certificates (deploy/secrets).
#   compose-setup.sh [NAME|IP ...]     the names and addresses under which devices reach this machine; default: its host name
# What exists is kept. Needs openssl and mosquitto_passwd (Debian: mosquitto).
set -euo pipefail
cd "$(dirname "$0")"
umask 077
names=("$@")
[ ${#names[@]} -gt 0 ] || names=("$(hostname)" localhost)
mosquitto/make-certs.sh secrets/mosquitto/certs "${names[@]}"
secret() { openssl rand -hex 24; }
if [ ! -f .env ]; then
  password=$(mosquitto/make-users.sh secrets/mosquitto/passwd ecgstreamd | cut -d' ' -f2)
  printf '%s=%s\n' ECGSTREAM_MQTT_PASSWORD "$password" ECGSTREAM_INFLUX_PASSWORD "$(secret)" ECGSTREAM_INFLUX_TOKEN "$(secret)" ECGSTREAM_GRAFANA_PASSWORD "$(secret)" >.env
fi
# The broker's image runs as user 1883 and reads them.
if [ "$(id -u)" -eq 0 ]; then chown -R 1883:1883 secrets/mosquitto; chmod 700 secrets/mosquitto; fi
echo "Ready. Grafana's user is admin, its password is in $(pwd)/.env; add devices with mosquitto/make-users.sh secrets/mosquitto/passwd DEVICE"
