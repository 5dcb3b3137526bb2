# shellcheck shell=bash
# What the machine has to have. Missing packages come from apt; elsewhere, the user is told what to install.

MIN_JDK=21
MIN_MAVEN=3.8
MIN_MAVEN_JAVA=17
JDK_CHOICES=(25 21)

as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo -n "$@"
  fi
}

# Asks for the password now, at the terminal: the steps themselves run without one.
require_root() {
  ((EUID == 0)) && return 0
  command -v sudo >/dev/null || die "$1: needs root; run it as root, or install sudo"
  sudo -n true 2>/dev/null && return 0
  [[ -t 0 ]] || die "$1: needs root, and sudo asks for a password"
  sudo -v || die "$1: needs root"
}

has_package() { apt-cache show "$1" 2>/dev/null | grep -q '^Package:'; }

# Java's packages fail to install on slim systems, which lack the manuals' folder.
apt_install() {
  as_root mkdir -p /usr/share/man/man1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"
}

# A list that could not be fetched is no reason to stop: the install says whether something is missing.
apt_update() { as_root apt-get -q update || true; }

# ensure_programs PROGRAM:PACKAGE…: installs the packages of the programs that are not there.
ensure_programs() {
  local pair missing=() packages=()
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null && continue
    missing+=("${pair%%:*}")
    [[ " ${packages[*]} " == *" ${pair#*:} "* ]] || packages+=("${pair#*:}")
  done
  ((${#packages[@]} > 0)) || return 0
  command -v apt-get >/dev/null ||
    die "missing: ${missing[*]}. This machine has no apt: install them with its own package manager, then try again"
  require_root "installing ${packages[*]}"
  update_lists_once
  step "install ${packages[*]}" apt_install "${packages[@]}"
  hash -r
  for pair in "${missing[@]}"; do
    command -v "$pair" >/dev/null || die "$pair is still missing after the installation of its package"
  done
}

update_lists_once() {
  [[ -z ${LISTS_UPDATED:-} ]] || return 0
  step "update the package lists" apt_update
  LISTS_UPDATED=yes
}

# Newer Debian releases have the client in a package of its own.
ensure_docker_client() {
  local package=docker.io
  command -v docker >/dev/null && return 0
  if command -v apt-get >/dev/null; then
    require_root "installing the Docker client"
    update_lists_once
    if has_package docker-cli; then package=docker-cli; fi
  fi
  ensure_programs "docker:$package"
}

# iptables, since the engine refuses to start without the program even where it is told not to use it.
ensure_docker_engine() {
  ensure_programs dockerd:docker.io containerd:containerd iptables:iptables
}

# What node-image/build.sh may need.
ensure_image_tools() { ensure_programs debootstrap:debootstrap xz:xz-utils tar:tar; }

# jdk_major HOME: nothing when there is no compiler.
jdk_major() {
  local version
  [[ -x $1/bin/javac ]] || return 0
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release" 2>/dev/null)
  [[ -n $version ]] || version=$("$1/bin/javac" -version 2>&1 | awk '{ print $2 }')
  version=${version#1.}
  echo "${version%%[!0-9]*}"
}

# JAVA_HOME when it is new enough, else the newest under /usr/lib/jvm, which is where Maven's toolchains look, too.
find_jdk() {
  local home major best='' best_major=0
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/*; do
    major=$(jdk_major "$home")
    ((${major:-0} >= MIN_JDK)) || continue
    if [[ $home == "${JAVA_HOME:-}" ]]; then
      echo "$home"
      return 0
    fi
    if ((major > best_major)); then best=$home best_major=$major; fi
  done
  echo "$best"
}

# Leaves the JDK's home in JDK.
ensure_jdk() {
  local version
  JDK=$(find_jdk)
  [[ -z $JDK ]] || return 0
  if command -v apt-get >/dev/null; then
    require_root "installing a JDK"
    update_lists_once
    for version in "${JDK_CHOICES[@]}"; do
      has_package "openjdk-$version-jdk-headless" || continue
      step "install openjdk-$version-jdk-headless" apt_install "openjdk-$version-jdk-headless"
      JDK=$(find_jdk)
      [[ -z $JDK ]] || return 0
    done
  fi
  die "no JDK $MIN_JDK or newer: neither in JAVA_HOME, nor under /usr/lib/jvm, nor in this system's packages
  (Debian 12 has none). Unpack one, for example Eclipse Temurin $MIN_JDK or newer, as /usr/lib/jvm/jdk-$MIN_JDK, or set
  JAVA_HOME to the folder in which its bin/javac is. Then run the same command again."
}

# java_major HOME: of a JDK or JRE; nothing when it is neither.
java_major() {
  local version
  [[ -x $1/bin/java ]] || return 0
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release" 2>/dev/null)
  echo "${version%%[!0-9]*}"
}

# Maven itself runs on the oldest Java that its plugins accept: the formatter refuses a JVM newer than it knows.
# What it compiles and tests with is JDK, which the toolchains plugin finds by the variable JAVA<version>_HOME.
with_maven_java() {
  local home major best=$JDK best_major=999
  for home in /usr/lib/jvm/*; do
    major=$(java_major "$home")
    if ((${major:-0} >= MIN_MAVEN_JAVA && major < best_major)); then best=$home best_major=$major; fi
  done
  env "JAVA$(jdk_major "$JDK")_HOME=$JDK" JAVA_HOME="$best" "$@"
}

ensure_maven() {
  local version
  ensure_programs mvn:maven
  version=$(with_maven_java mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')
  [[ $(printf '%s\n' "$MIN_MAVEN" "${version:-0}" | sort -V | head -n 1) == "$MIN_MAVEN" ]] ||
    die "Maven ${version:-of an unknown version} is too old: the build needs $MIN_MAVEN or newer in PATH"
}

# The packages with the programs alone: mariadb-server would start a server of its own, on the default port.
ensure_test_tools() {
  ensure_programs mariadbd:mariadb-server-core mariadb-install-db:mariadb-server-core mariadb:mariadb-client-core \
    openssl:openssl curl:curl setsid:util-linux flock:util-linux lsblk:util-linux python3:python3 clang:clang \
    faketime:faketime
  ensure_fuzzer
}

# libFuzzer and the sanitizers are a package of their own, which clang only recommends; the older name has clang's version in it.
ensure_fuzzer() {
  local package
  has_fuzzer && return 0
  command -v apt-get >/dev/null || die "clang's libFuzzer is missing: install clang's run-time libraries, then try again"
  update_lists_once
  package=libclang-rt-dev
  has_package "$package" || package=libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev
  require_root "installing $package"
  step "install $package" apt_install "$package"
  has_fuzzer || die "clang's libFuzzer is still missing after the installation of $package"
}

has_fuzzer() {
  echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long s) { return (d != 0) * 0 * (int)s; }' |
    clang -x c -fsanitize=fuzzer,address -o /dev/null - 2>/dev/null
}
