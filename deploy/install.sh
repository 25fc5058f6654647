#!/usr/bin/env bash
# Installs, upgrades or rolls back ecgstreamd on Debian 12 or later. Run as root.
#   install.sh BUNDLE.tar.gz    a bundle that bundle.sh made; over an older version it is an upgrade
#   install.sh --rollback       back to the version that ran before
#   install.sh --remove         takes program, unit and user away; settings in /etc/ecgstream and data in /var/lib/ecgstream stay
# Versions lie side by side in /opt/ecgstream/releases, and /opt/ecgstream/current names the one that runs, so a rollback is one link and a restart.
set -euo pipefail
readonly base=/opt/ecgstream etc=/etc/ecgstream data=/var/lib/ecgstream user=ecgstream unit=/etc/systemd/system/ecgstreamd.service
readonly keep=3

say() { echo "ecgstream: $*"; }
fail() { echo "ecgstream: $*" >&2; exit 1; }
has_systemd() { [ -d /run/systemd/system ]; }

need_root() { [ "$(id -u)" -eq 0 ] || fail "install.sh changes /opt, /etc and users: run it as root"; }

install_needs() { # what the bundle does not bring: TLS, authorities, the C++ runtime
  local missing=() package
  for package in ca-certificates libssl3 libstdc++6 zlib1g; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  say "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

make_user_and_folders() {
  getent passwd "$user" >/dev/null || useradd --system --home-dir "$data" --no-create-home --shell /usr/sbin/nologin --user-group "$user"
  install -d -o root -g root -m 755 "$base" "$base/releases"
  install -d -o root -g "$user" -m 750 "$etc"
  install -d -o "$user" -g "$user" -m 700 "$data"
  if [ ! -f "$etc/appsettings.json" ]; then
    printf '{\n}\n' >"$etc/appsettings.json"
    chown root:"$user" "$etc/appsettings.json"
    chmod 640 "$etc/appsettings.json"
  fi
  if [ ! -f "$etc/secrets.env" ]; then
    printf '# ECGSTREAM_Storage__Influx__Token=...\n# ECGSTREAM_Ingest__Mqtt__Password=...\n' >"$etc/secrets.env"
    chmod 600 "$etc/secrets.env"
  fi
}

unpack() { # unpack BUNDLE: prints the release's folder
  local bundle=$1 name
  # All of the list is read, so that tar does not die of a closed pipe.
  name=$(tar -tzf "$bundle" | awk -F/ 'NR == 1 { print $1 }')
  [[ $name == ecgstream-* ]] || fail "$bundle is no bundle of bundle.sh"
  # Beside its place first: an install that is cut off leaves no half release behind.
  rm -rf "$base/releases/.$name"
  mkdir "$base/releases/.$name"
  tar -xzf "$bundle" -C "$base/releases/.$name" --strip-components=1 --no-same-owner
  chmod -R go-w "$base/releases/.$name"
  "$base/releases/.$name/ecgstreamd" version >/dev/null || fail "the program in $bundle does not run on this machine"
  rm -rf "${base:?}/releases/$name"
  mv "$base/releases/.$name" "$base/releases/$name"
  echo "$base/releases/$name"
}

settings_check() { # settings_check RELEASE: as the daemon's user, with its secrets, before anything is changed; a daemon that runs has its ports
  local line settings=(--Storage:DataDirectory="$data") found=0
  local secrets=()
  while IFS= read -r line; do [[ $line =~ ^[A-Za-z_]+= ]] && secrets+=("$line"); done <"$etc/secrets.env"
  local code=0
  runuser -u "$user" -- env "${secrets[@]}" "$1/ecgstreamd" check "${settings[@]}" >"$base/.check" || code=$?
  # 1 is "something failed", which may be no more than the ports of the daemon that runs; anything else is a program that does not work.
  [ "$code" -le 1 ] || found=1
  sed -i '/ports .* in use/d' "$base/.check"
  sed 's/^/  /' "$base/.check"
  grep -q '^FAIL' "$base/.check" && found=1
  rm -f "$base/.check"
  return $found
}

switch_to() { # switch_to RELEASE
  local before
  before=$(readlink -e "$base/current" || true)
  if [ -n "$before" ] && [ "$before" != "$1" ]; then ln -sfn "$before" "$base/previous"; fi
  ln -sfn "$1" "$base/current.new"
  mv -T "$base/current.new" "$base/current"
  ln -sfn "$base/current/ecgstreamd" /usr/local/bin/ecgstreamd
  install -m 644 "$1/deploy/systemd/ecgstreamd.service" "$unit"
}

start() {
  if ! has_systemd; then
    say "no systemd runs here; start it with: runuser -u $user -- env ECGSTREAM_Storage__DataDirectory=$data $base/current/ecgstreamd run"
    return
  fi
  systemctl daemon-reload
  systemctl enable -q ecgstreamd
  # Type=notify: this returns when it is ready, or with what went wrong.
  systemctl restart ecgstreamd || { journalctl -u ecgstreamd -n 20 --no-pager >&2; return 1; }
}

forget_old() { # the newest few stay, and those that are linked
  local old
  find "$base/releases" -mindepth 1 -maxdepth 1 -type d -name 'ecgstream-*' -printf '%T@ %p\n' | sort -rn | tail -n +$((keep + 1)) | cut -d' ' -f2- | while read -r old; do
    [ "$old" = "$(readlink -e "$base/current")" ] || [ "$old" = "$(readlink -e "$base/previous" || true)" ] || rm -rf "$old"
  done
}

need_root
case "${1:-}" in
  --rollback)
    target=$(readlink -e "$base/previous") || fail "there is no version before this one"
    switch_to "$target"
    start
    say "runs $(basename "$target") again"
    ;;
  --remove)
    if has_systemd; then systemctl disable -q --now ecgstreamd || true; fi
    rm -rf "$base" "$unit" /usr/local/bin/ecgstreamd
    if has_systemd; then systemctl daemon-reload; fi
    if getent passwd "$user" >/dev/null; then userdel "$user"; fi
    say "removed; $etc and $data are kept"
    ;;
  "" | -*)
    sed -n '2,5s/^# //p' "$0" >&2
    exit 2
    ;;
  *)
    [ -f "$1" ] || fail "$1 is no file"
    install_needs
    make_user_and_folders
    before=$(readlink -e "$base/current" || true)
    older=$(readlink -e "$base/previous" || true)
    release=$(unpack "$1")
    settings_check "$release" || fail "nothing was changed: the set-up has the faults above (settings in $etc)"
    switch_to "$release"
    if ! start; then
      if [ -n "$before" ] && [ "$before" != "$release" ]; then
        say "the new version did not start; going back" >&2
        switch_to "$before"
        # What did not start is nothing to roll back to.
        if [ -n "$older" ] && [ "$older" != "$release" ]; then ln -sfn "$older" "$base/previous"; else rm -f "$base/previous"; fi
        rm -rf "$release"
        start || true
      fi
      exit 1
    fi
    forget_old
    say "installed $(basename "$release")"
    ;;
esac
