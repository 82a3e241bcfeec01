#!/bin/sh
# Installs the Debian packages that are missing: the ones every build needs and those given as arguments.
# On a terminal it asks first; elsewhere it installs only if ALUDEL_YES=1, else prints the command and exits 2.
set -eu
missing=""
packages="g++ cmake ninja-build ccache mold libgtest-dev libfmt-dev libcli11-dev libtomlplusplus-dev libsimdjson-dev libxxhash-dev
libhwy-dev libdnnl-dev libdeflate-dev libisal-dev libzstd-dev zlib1g-dev libbrotli-dev libmodest-dev libuchardet-dev libcld2-dev
libcurl4-openssl-dev libicu-dev libpsl-dev libvectorscan-dev libboost1.81-dev liblzma-dev libssl-dev zstd"
for package in $packages "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
root=""
[ "$(id -u)" = 0 ] || root="sudo "
install="${root}apt-get update -qq && ${root}apt-get install -y --no-install-recommends$missing"
if [ "${ALUDEL_YES:-}" != 1 ]; then
  echo "aludel needs packages; this installs them: $install" >&2
  [ -t 0 ] || exit 2
  printf 'Run it now? [y/N] ' >&2
  read -r answer
  [ "$answer" = y ] || exit 2
fi
eval "$install"
