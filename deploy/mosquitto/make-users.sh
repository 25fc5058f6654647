#!/usr/bin/env bash
# Adds users to mosquitto's password file, each with a random password that is printed once.
#   make-users.sh FILE USER [USER ...]     USER: ecgstreamd, clinician, or a device id
# mosquitto reads the file again on SIGHUP.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
file=$1
shift
umask 077
touch "$file"
for user in "$@"; do
  [[ $user =~ ^[A-Za-z0-9._-]{1,64}$ ]] || { echo "'$user' is no user name: letters, digits, dot, dash, underscore, 64 at most" >&2; exit 2; }
  password=$(openssl rand -base64 24 | tr '+/' '-_')
  mosquitto_passwd -b "$file" "$user" "$password" 2>/dev/null
  echo "$user $password"
done
