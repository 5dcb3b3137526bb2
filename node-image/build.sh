#!/usr/bin/env bash
# Builds the image that nodes run actors in. Works on the engine that DOCKER_HOST names, else on the local one.
# Where no registry answers, the base image is made with debootstrap, from the mirror that this machine's apt uses.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly HERE
readonly RELEASE=bookworm
readonly DEFAULT_BASE=debian:$RELEASE-slim
readonly OWN_BASE=joyoi-base:$RELEASE-slim
readonly HASH_LABEL=com.joyoi.node-image.hash
readonly STAGE_LABEL=com.joyoi.node-image.stage
# Long enough for a slow line to bring 30 MB, short enough where packets to the registry are silently dropped.
readonly PULL_SECONDS=90

usage() {
  cat <<USAGE
usage: build.sh [--languages default|all] [--tag NAME] [--base IMAGE]
  --languages  default: C, C++, Java, Python, JavaScript; all: also Pascal, Go, Rust, C#
  --tag        the image's name, joyoi unless given
  --base       a Debian $RELEASE image to build on; $DEFAULT_BASE unless given
USAGE
}
say() { printf 'image: %s\n' "$*"; }
die() { printf 'image: error: %s\n' "$*" >&2; exit 1; }

languages=default tag=joyoi base=$DEFAULT_BASE
while (($#)); do
  case $1 in
    --languages | --tag | --base) (($# > 1)) || { usage >&2; die "$1 needs a value"; } ;;&
    --languages) languages=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    --base) base=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die "unknown argument '$1'" ;;
  esac
done
[[ $languages == default || $languages == all ]] || die "--languages is '$languages', but must be 'default' or 'all'"
[[ -n $tag && -n $base ]] || die "--tag and --base must not be empty"

command -v docker > /dev/null || die "no docker command found; install Docker Engine first"
docker version --format '{{.Server.Version}}' > /dev/null 2>&1 \
  || die "no Docker engine answers at ${DOCKER_HOST:-the default socket}: $(docker version 2>&1 > /dev/null | tail -1)"

# What the image is made of, and nothing else: no documents, no tests, and above all no program that was compiled here.
context_files() {
  find Dockerfile install.sh runner agent java cpp -path '*/build' -prune -o -path agent/test -prune -o -type f \
    \( -name Dockerfile -o -name install.sh -o -name Makefile -o -name '*.[ch]' -o -name '*.java' -o -name java-program \) -print0 | LC_ALL=C sort -z
}
content_hash() {
  (
    cd "$HERE"
    context_files | xargs -0 sha256sum
    printf '%s %s\n' "$languages" "$base"
  ) | sha256sum | cut -d' ' -f1
}

hash=$(content_hash)
if [[ $(docker image inspect --format "{{index .Config.Labels \"$HASH_LABEL\"}}" "$tag" 2> /dev/null) == "$hash" ]]; then
  say "$tag is up to date"
  exit 0
fi
# Not /tmp, which is often mounted without the device files that debootstrap makes.
work=$(mktemp -d -p /var/tmp joyoi-image.XXXXXX)
stage=$(basename "$work")
cleanup() {
  rm -rf --one-file-system "$work"
  # The first stage is as large as the image, and nothing uses it any more.
  docker image prune --force --filter "label=$STAGE_LABEL=$stage" > /dev/null 2>&1 || true
}
trap cleanup EXIT

# The host's package sources, one "deb" line each, for our release whatever the host's own is: a mirror of Debian has them all. Other archives,
# which use the same names of releases, are left out by their origin; before the host's first "apt-get update" there is none to see.
host_sources() {
  local uri suite component origin
  command -v apt-get > /dev/null || return 0
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' 2> /dev/null \
    | while read -r uri suite component origin; do
      [[ $origin == Debian && $uri == http* && $suite =~ ^[a-z]+(-updates|-security)?$ ]] || continue
      printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s %s\n' "$uri" "$RELEASE${BASH_REMATCH[1]}" "$component"
    done | sort -u
}

# What a build needs to reach packages the way this machine does: sources, proxies, certificates, logins.
pack_host_apt() {
  local apt=$work/host/etc/apt
  mkdir -p "$apt/apt.conf.d"
  if [[ -n $sources ]]; then printf '%s\n' "$sources" > "$apt/sources.list"; fi
  if command -v apt-config > /dev/null; then
    apt-config dump | grep -E '^Acquire::(https?::([^:]*::)?(Proxy|Verify-Peer|Verify-Host) |Check-Valid-Until |Check-Date |Retries )' \
      > "$apt/apt.conf.d/00host" || true
  fi
  if [[ -r /etc/ssl/certs/ca-certificates.crt ]]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$apt/host-ca.crt"
    echo 'Acquire::https::CAInfo "/etc/apt/host-ca.crt";' >> "$apt/apt.conf.d/00host"
  fi
  local login
  for login in /etc/apt/auth.conf /etc/apt/auth.conf.d; do
    if [[ -r $login ]]; then cp -r "$login" "$apt/"; fi
  done
  tar -cf "$work/context/host-apt.tar" --owner=0 --group=0 -C "$work/host" etc
}

make_base() {
  local root=$work/root mirror
  command -v debootstrap > /dev/null \
    || die "$base can't be pulled, and there is no debootstrap to make it: reach a registry, install debootstrap, or give --base"
  ((EUID == 0)) || die "$base can't be pulled, and debootstrap needs root: run as root, reach a registry, or give --base"
  mirror=$(awk -v suite=$RELEASE '$4 == suite { print $3; exit }' <<< "$sources")
  say "making $OWN_BASE with debootstrap (about half a minute)"
  # Without one of the host's, debootstrap takes its own default mirror.
  debootstrap --force-check-gpg --variant=minbase $RELEASE "$root" ${mirror:+"$mirror"} > "$work/debootstrap.log" 2>&1 \
    || { tail -20 "$work/debootstrap.log" >&2; die "debootstrap failed; its last lines are above"; }
  # This machine's names have no place in an image; manuals would make it half as large again.
  : > "$root/etc/resolv.conf"
  rm -rf "$root/etc/hostname" "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* \
    "$root"/usr/share/man/* "$root"/usr/share/doc/*/changelog* "$root"/usr/share/info/*
  printf 'path-exclude /usr/share/%s\n' 'doc/*' 'man/*' 'info/*' 'locale/*' > "$root/etc/dpkg/dpkg.cfg.d/docs"
  say "importing $OWN_BASE"
  tar -cf - --numeric-owner -C "$root" --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* . | docker import - "$OWN_BASE" > /dev/null
  rm -rf --one-file-system "$root"
}

have_image() { docker image inspect "$1" > /dev/null 2>&1; }
choose_base() {
  chosen=$base
  if have_image "$base"; then return; fi
  if [[ $base == "$DEFAULT_BASE" ]] && have_image "$OWN_BASE"; then chosen=$OWN_BASE; return; fi
  say "pulling $base"
  if timeout $PULL_SECONDS docker pull -q "$base" > "$work/pull.log" 2>&1; then return; fi
  say "no registry brought it ($(tail -1 "$work/pull.log" | cut -c1-160))"
  [[ $base == "$DEFAULT_BASE" ]] || die "$base is neither on the engine nor can it be pulled"
  make_base
  chosen=$OWN_BASE
}

sources=$(host_sources)
chosen=
choose_base
mkdir -p "$work/context"
(cd "$HERE" && context_files | tar -cf - --null --files-from=-) | tar -xf - -C "$work/context"
pack_host_apt

say "building $tag on $chosen, languages: $languages (some minutes)"
previous=$(docker image inspect --format '{{.Id}}' "$tag" 2> /dev/null || true)
proxies=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  if [[ -n ${!name:-} ]]; then proxies+=(--build-arg "$name"); fi
done
# The classic builder needs no plugin; the host's network, since an engine may run without a bridge.
DOCKER_BUILDKIT=0 docker build --network host --force-rm ${proxies[@]+"${proxies[@]}"} \
  --build-arg "BASE_IMAGE=$chosen" --build-arg "LANGUAGES=$languages" --build-arg "STAGE=$stage" --label "$HASH_LABEL=$hash" --tag "$tag" "$work/context" 2>&1 \
  | tee "$work/build.log" | sed -un 's/^\(\x1b\[[0-9;]*m\)*joyoi: /image:   /p' \
  || { tail -30 "$work/build.log" >&2; die "the build failed; its last lines are above"; }
# The image that had the tag before has no name any more, and no use.
if [[ -n $previous && $(docker image inspect --format '{{len .RepoTags}}' "$previous" 2> /dev/null) == 0 ]]; then
  docker image rm "$previous" > /dev/null 2>&1 || say "the image that had the tag before is still in use, and stays without a name"
fi
say "$tag is ready ($(docker image inspect --format '{{.Size}}' "$tag" | awk '{ printf "%d MB", $1 / 1e6 }'))"
