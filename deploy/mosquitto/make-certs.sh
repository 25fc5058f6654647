#!/usr/bin/env bash
# Makes a certificate authority and a server certificate for mosquitto, where the hospital has no authority of its own.
#   make-certs.sh FOLDER NAME [NAME|IP ...]     the names and addresses under which devices reach the broker; nothing that exists is overwritten
# FOLDER then holds ca.crt (goes to every device), ca.key (keep it off the server), server.crt and server.key. The server's certificate is good for 825 days.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
folder=$1
shift
umask 077
mkdir -p "$folder"
cd "$folder"
if [ ! -f ca.key ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=EcgStream device authority' -keyout ca.key -out ca.crt 2>/dev/null
fi
names=""
for name in "$@"; do
  if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then names+=",IP:$name"; else names+=",DNS:$name"; fi
done
if [ ! -f server.key ]; then
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout server.key -out server.csr 2>/dev/null
  openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 825 -out server.crt \
    -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "${names#,}") 2>/dev/null
  rm server.csr
fi
chmod 644 ca.crt server.crt
openssl verify -CAfile ca.crt server.crt
