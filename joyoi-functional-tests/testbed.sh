#!/usr/bin/env bash
# The functional tests' own machinery: two Docker daemons with mutual TLS on loopback, a third one whose image has
# nothing in it, so that it fails every run, and a MariaDB.
#
#   testbed.sh start DIR [--own-disks | --galera]
#                                        DIR: a new folder with a short path, since sockets lie in it; daemons and
#                                        MariaDB may get file systems of their own, so that they can be full; or
#                                        the database is a Galera cluster of three nodes
#   testbed.sh env DIR                   exports for the tests, as shell
#   testbed.sh load DIR TAR              the image in TAR (docker save), into the first two daemons
#   testbed.sh kill-node N | shut-node N | pause-node N | resume-node N | start-node N        N is 1, 2 or 3
#   testbed.sh fill-node N | free-node N | hide-image N | show-image N
#   testbed.sh kill-db | pause-db | resume-db | start-db | fill-db | free-db | read-only-db ON|OFF
#   testbed.sh kill-galera N | shut-galera N | pause-galera N | resume-galera N | start-galera N       N is 1, 2 or 3
#   testbed.sh stop DIR                  ends and removes everything; may be called at any time, and again
#
# The calls without DIR work on the folder named by JOYOI_TEST_BED_DIR, which `env` exports.
# kill is SIGKILL, shut SIGTERM (it returns when the daemon has ended), pause SIGSTOP: the daemon's address stays, and accepts connections that nobody answers.
# fill leaves no byte on the disk; hide-image takes the image its name.
set -euo pipefail

HERE=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=testbed/ports.sh
source "$HERE/testbed/ports.sh"
# shellcheck source=testbed/state.sh
source "$HERE/testbed/state.sh"
# shellcheck source=testbed/disks.sh
source "$HERE/testbed/disks.sh"
# shellcheck source=testbed/docker.sh
source "$HERE/testbed/docker.sh"
# shellcheck source=testbed/mariadb.sh
source "$HERE/testbed/mariadb.sh"
# shellcheck source=testbed/galera.sh
source "$HERE/testbed/galera.sh"
# shellcheck source=testbed/certificates.sh
source "$HERE/testbed/certificates.sh"
# shellcheck source=testbed/teardown.sh
source "$HERE/testbed/teardown.sh"

# Docker's sockets have paths of at most 107 bytes; the longest below DIR takes about 60.
MAX_BED_PATH=45
BED_IMAGE=joyoi

choose_settings() {
  local port_1 port_2 port_3 port_db third
  # Two beds that start at once must not choose the same ports: held until the daemons listen.
  exec 9</tmp
  flock 9
  port_1=$(free_port)
  port_2=$(free_port "$port_1")
  port_3=$(free_port "$port_1" "$port_2")
  port_db=$(free_port "$port_1" "$port_2" "$port_3")
  {
    echo "id=$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')"
    echo "port_1=$port_1"
    echo "port_2=$port_2"
    echo "port_3=$port_3"
    echo "port_db=$port_db"
    echo "wrong_host_ip=127.0.0.9"
    # The seed's nodes are at port 2376, so each needs an address of its own: any of 127.0.0.0/8 is this machine.
    for third in {0..99}; do
      if port_is_free "127.0.$third.2" 2376 && port_is_free "127.0.$third.3" 2376; then
        echo "seed_ip_1=127.0.$third.2"
        echo "seed_ip_2=127.0.$third.3"
        break
      fi
    done
  } | write_file "$BED/settings"
}

start() {
  local n
  [[ ${#BED} -le $MAX_BED_PATH ]] || bed_fail "$BED: the path is too long for sockets, at most $MAX_BED_PATH bytes"
  [[ ! -e $BED || -z $(ls -A "$BED") ]] || bed_fail "$BED exists and is not empty"
  for program in dockerd containerd docker mariadbd mariadb-install-db mariadb openssl curl setsid lsblk; do
    command -v "$program" >/dev/null || bed_fail "$program is missing; ./joyoi test installs what is needed"
  done
  mkdir -p "$BED"
  chmod 755 "$BED"
  : >"$BED/$MARKER"
  trap 'teardown' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir "$BED/log" "$BED/run"
  ls -d /run/containerd/s/* >"$BED/run/shim-sockets" 2>/dev/null || true
  [[ $1 != --own-disks ]] || make_disks
  make_certificates
  choose_settings
  for n in 1 2 3; do
    write_node_config "$n"
    launch_node "$n"
  done
  if [[ $1 == --galera ]]; then
    create_galera
  else
    create_mariadb
    launch_mariadb
    await_mariadb
    create_database
  fi
  for n in 1 2 3; do await_node "$n"; done
  tar -cT /dev/null | docker -H "unix://$BED/n3/docker.sock" import - "$BED_IMAGE" >/dev/null
  exec 9<&-
  write_environment | write_file "$BED/env"
  trap - EXIT INT TERM
  echo "testbed: ready in $BED"
}

# The disk under the bed: the engine refuses blkio limits on anything but a whole device.
block_device() {
  local source parent
  source=$(findmnt -no SOURCE -T "$BED" | sed 's/\[.*//')
  parent=$(lsblk -no PKNAME "$source" 2>/dev/null | head -n 1)
  if [[ -n $parent ]]; then
    echo "/dev/$parent"
  elif [[ -b $source ]]; then
    echo "$source"
  else
    lsblk -bdnpo NAME,TYPE,SIZE | awk '$2 == "disk" && $3 > 0 { print $1; exit }'
  fi
}

database_port() {
  local port
  port=$(setting galera_db_1)
  echo "${port:-$(setting port_db)}"
}

write_environment() {
  local n
  printf 'export JOYOI_TEST_%s=%q\n' BED "$HERE/testbed.sh" BED_DIR "$BED" \
    CERTS "$BED/certs/service" FOREIGN_CERTS "$BED/foreign/service" \
    FOREIGN_SERVER_CERTS "$BED/foreign/nodes/docker-1" WRONG_HOST_SERVER_CERTS "$BED/certs/nodes/elsewhere" \
    WRONG_HOST_NODE "https://$(setting wrong_host_ip):$(setting port_1)" \
    DB "Server=127.0.0.1;Port=$(database_port);Database=joyoi;User Id=$DB_USER;Password=$DB_PASSWORD;" \
    DB_PIDFILE "$BED/run/mariadb.pid" IMAGE "$BED_IMAGE" BLOCK_DEVICE "$(block_device)"
  [[ -z $(setting galera_1) ]] || printf 'export JOYOI_TEST_GALERA=%q\n' "$(galera_clients)"
  for n in 1 2 3; do
    printf "export JOYOI_TEST_NODE_${n}%s=%q\n" '' "https://localhost:$(setting "port_$n")" \
      _SOCKET "$BED/n$n/docker.sock" _PIDFILE "$BED/run/docker-$n.pid"
  done
  if [[ -n $(setting seed_ip_1) ]]; then
    printf '%s docker-1\n%s docker-2\n127.0.0.1 localhost\n' "$(setting seed_ip_1)" "$(setting seed_ip_2)" |
      write_file "$BED/hosts"
    printf 'export JOYOI_TEST_SEED_%s=%q\n' NODES 1 HOSTS "$BED/hosts" \
      NODE_1 "https://$(setting seed_ip_1):2376" NODE_2 "https://$(setting seed_ip_2):2376"
  else
    printf 'export JOYOI_TEST_SEED_NODES=0\n'
  fi
}

require_bed() {
  BED=${JOYOI_TEST_BED_DIR:-}
  [[ -n $BED && -e $BED/$MARKER ]] || bed_fail "JOYOI_TEST_BED_DIR names no test bed: '$BED'"
}

node_number() {
  [[ $1 == [123] ]] || bed_fail "node '$1': expected 1, 2 or 3"
  echo "docker-$1"
}

node_folder() {
  node_number "$1" >/dev/null
  echo "n$1"
}

on_node() { docker -H "unix://$BED/$(node_folder "$1")/docker.sock" "${@:2}" >/dev/null; }

# send SIGNAL NAME: and after KILL and TERM waits for the end, so that the caller can start it again at once.
send() {
  local pid
  pid=$(pid_of "$2")
  is_alive "$pid" || bed_fail "$2 is not running"
  kill "-$1" "$pid"
  [[ $1 != KILL && $1 != TERM ]] || while is_alive "$pid"; do sleep 0.05; done
}

# Everything here is root's: the daemons need it, and so does whoever stops them.
if ((EUID != 0)); then
  exec sudo --preserve-env=JOYOI_TEST_BED_DIR -- "$0" "$@"
fi

command=${1:-}
case $command in
  start | stop | env | load)
    [[ -n ${2:-} ]] || bed_fail "$command: the folder is missing"
    BED=$(readlink -m -- "$2")
    ;;
  *) require_bed ;;
esac

case $command in
  start) start "${3:-}" ;;
  stop) teardown ;;
  env) cat "$BED/env" ;;
  load)
    for n in 1 2; do docker -H "unix://$BED/n$n/docker.sock" load -q -i "${3:?load: the tar is missing}"; done
    ;;
  kill-node) send KILL "$(node_number "${2:-}")" ;;
  shut-node) send TERM "$(node_number "${2:-}")" ;;
  pause-node) send STOP "$(node_number "${2:-}")" ;;
  resume-node) send CONT "$(node_number "${2:-}")" ;;
  start-node)
    node_number "${2:-}" >/dev/null
    launch_node "$2"
    await_node "$2"
    ;;
  fill-node) fill_disk "$BED/$(node_folder "${2:-}")/data" ;;
  free-node) free_disk "$BED/$(node_folder "${2:-}")/data" ;;
  hide-image)
    on_node "${2:-}" tag "$BED_IMAGE" "$BED_IMAGE-hidden"
    on_node "${2:-}" rmi "$BED_IMAGE"
    ;;
  show-image) on_node "${2:-}" tag "$BED_IMAGE-hidden" "$BED_IMAGE" ;;
  kill-db) send KILL mariadb ;;
  pause-db) send STOP mariadb ;;
  resume-db) send CONT mariadb ;;
  read-only-db)
    [[ ${2:-} == ON || ${2:-} == OFF ]] || bed_fail "read-only-db '${2:-}': expected ON or OFF"
    mariadb_root <<<"SET GLOBAL read_only = $2"
    ;;
  start-db)
    launch_mariadb
    await_mariadb
    ;;
  fill-db) fill_disk "$BED/db" ;;
  free-db)
    free_disk "$BED/db"
    # A server whose disk is full may end itself; on a machine, systemd starts it again.
    launch_mariadb
    await_mariadb
    ;;
  kill-galera) send KILL "galera-${2:-}" ;;
  shut-galera) send TERM "galera-${2:-}" ;;
  pause-galera) send STOP "galera-${2:-}" ;;
  resume-galera) send CONT "galera-${2:-}" ;;
  start-galera)
    launch_galera "${2:-}"
    await_galera "${2:-}"
    ;;
  *) bed_fail "unknown command '$command'; the head of $0 lists them" ;;
esac
