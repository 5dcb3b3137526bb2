#!/usr/bin/env bash
# Runs inside the image while it is built: packages, the user of untrusted programs, the working directory.
# Usage: install.sh default|all
set -euo pipefail

# The uid is fixed, because runner.c has it compiled in.
readonly RUNNER_UID=10001
readonly BASIC=(bash coreutils diffutils tar gzip jq make gcc g++ libc6-dev openjdk-17-jdk-headless python3 nodejs)
readonly MORE=(fp-compiler golang-go rustc mono-mcs mono-runtime libmono-system-core4.0-cil libmono-system-numerics4.0-cil)

packages=("${BASIC[@]}")
case "${1:-default}" in
  default) ;;
  all) packages+=("${MORE[@]}") ;;
  *) echo "LANGUAGES is '$1', but must be 'default' or 'all'" >&2; exit 2 ;;
esac

# How the building machine reaches its mirror is of no use to a node: everything unpacked here is put back afterwards.
if [[ -f /build/host-apt.tar ]]; then
  tar -cf /build/own-apt.tar -C / etc/apt
  if tar -tf /build/host-apt.tar etc/apt/sources.list > /dev/null 2>&1; then rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*; fi
  tar -xf /build/host-apt.tar -C /
fi

export DEBIAN_FRONTEND=noninteractive
# Slim bases lack this folder, and without it the JDK's scripts fail.
mkdir -p /usr/share/man/man1
echo "joyoi: reading package lists"
apt-get -qq update
echo "joyoi: installing ${packages[*]}"
# The progress goes through a descriptor of its own: apt makes it non-blocking, which packages' scripts can't write to.
apt-get -qq -y -o Dpkg::Use-Pty=0 -o APT::Status-Fd=3 --no-install-recommends install "${packages[@]}" 3> >(
  mawk -W interactive -F: '
    function tell(what) { if (int($3 / 20) != last) { last = int($3 / 20); print "joyoi: " what " " last * 20 "%"; fflush() } }
    /^dlstatus/ { tell("fetched") }
    /^pmstatus/ { tell("installed") }'
)
apt-get clean
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/apt /var/log/dpkg.log /var/log/alternatives.log

if [[ -f /build/own-apt.tar ]]; then
  rm -rf /etc/apt
  tar -xf /build/own-apt.tar -C /
fi

useradd --uid "$RUNNER_UID" --user-group --no-create-home --home-dir /tmp --shell /bin/bash runner
mkdir -p /workdir
chmod 1777 /workdir /tmp
