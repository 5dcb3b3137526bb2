# shellcheck shell=bash
# A Galera cluster of three MariaDB nodes in place of the one server. A node that starts takes what it missed from the
# others' write-set caches: the whole state is never copied.

GALERA_NODES=3
GALERA_DEADLINE=120

galera_provider() { find /usr/lib -name libgalera_smm.so 2>/dev/null | head -n 1; }

# Of all nodes, with commas between.
galera_addresses() {
  local n addresses=()
  for ((n = 1; n <= GALERA_NODES; n++)); do addresses+=("127.0.0.1:$(setting "$1_$n")"); done
  (IFS=,; echo "${addresses[*]}")
}

galera_clients() { galera_addresses galera_db; }

# Each takes three ports: for clients, for the group, for what a joining node missed.
choose_galera_settings() {
  local n part port taken
  taken=$(sed -n 's/^port_[a-z0-9]*=//p' "$BED/settings" | tr '\n' ' ')
  for ((n = 1; n <= GALERA_NODES; n++)); do
    for part in "galera_db_$n" "galera_$n" "galera_ist_$n"; do
      # shellcheck disable=SC2086
      port=$(free_port $taken)
      taken+=" $port"
      echo "$part=$port" >>"$BED/settings"
    done
  done
}

write_galera_config() {
  local n=$1 folder=$BED/g$1
  mkdir -p "$folder/tmp"
  write_file "$folder/my.cnf" <<CNF
[mariadbd]
datadir = $folder/data
socket = $folder/db.sock
pid-file = $folder/db.pid
tmpdir = $folder/tmp
bind-address = 127.0.0.1
port = $(setting "galera_db_$n")
max_connections = 300
skip-name-resolve
innodb_flush_log_at_trx_commit = 2
innodb_buffer_pool_size = 128M
binlog_format = ROW
innodb_autoinc_lock_mode = 2
wsrep_on = ON
wsrep_provider = $(galera_provider)
wsrep_cluster_name = $(basename "$BED")
wsrep_cluster_address = gcomm://$(galera_addresses galera)
wsrep_node_name = galera-$n
wsrep_node_address = 127.0.0.1:$(setting "galera_$n")
wsrep_sst_method = writesets
wsrep_provider_options = "gmcast.listen_addr=tcp://127.0.0.1:$(setting "galera_$n");ist.recv_addr=127.0.0.1:$(setting "galera_ist_$n");gcache.size=512M"
CNF
}

galera_root() { mariadb --no-defaults --socket="$BED/g$1/db.sock" -u root "${@:2}"; }

galera_is_synced() {
  [[ $(galera_root "$1" -N -e "SHOW STATUS LIKE 'wsrep_local_state_comment'" | cut -f 2) == Synced ]]
}

# launch_galera N [OPTION…]: from where it ended, which one that was killed has to look for first.
launch_galera() {
  local n=$1 user position options=()
  user=$(mariadb_user_options)
  position=$(mariadbd --defaults-file="$BED/g$n/my.cnf" ${user:+"$user"} --wsrep-recover 2>&1 |
    sed -n 's/.*Recovered position: *\([0-9a-f-]*:[0-9-]*\).*/\1/p' | tail -n 1)
  [[ -z $position ]] || options+=(--wsrep-start-position="$position")
  spawn_galera "$n" "${options[@]}" "${@:2}"
}

# The cluster finds the program for a state transfer by PATH.
spawn_galera() {
  local user
  user=$(mariadb_user_options)
  PATH=$HERE/testbed/bin:$PATH JOYOI_GALERA_RUN=$BED/run \
    spawn "galera-$1" mariadbd --defaults-file="$BED/g$1/my.cnf" ${user:+"$user"} "${@:2}"
}

await_galera() { wait_for "galera-$1" "$GALERA_DEADLINE" galera_is_synced "$1"; }

create_galera() {
  local n user
  [[ -n $(galera_provider) ]] || bed_fail "libgalera_smm.so is missing; the package is galera-4"
  user=$(mariadb_user_options)
  choose_galera_settings
  for ((n = 1; n <= GALERA_NODES; n++)); do write_galera_config "$n"; done
  mariadb-install-db --defaults-file="$BED/g1/my.cnf" --datadir="$BED/g1/data" ${user:+"$user"} --wsrep-on=OFF \
    --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve >"$BED/log/galera-install.log" 2>&1 ||
    bed_fail "mariadb-install-db failed: $(tail -n 3 "$BED/log/galera-install.log")"
  spawn_galera 1 --wsrep-new-cluster
  await_galera 1
  create_account | galera_root 1
  end_process "$(pid_of galera-1)"
  for ((n = 2; n <= GALERA_NODES; n++)); do
    cp -a "$BED/g1/data" "$BED/g$n/data"
    rm -f "$BED/g$n/data/gvwstate.dat" "$BED/g$n/data/galera.cache"
  done
  launch_galera 1 --wsrep-new-cluster
  await_galera 1
  for ((n = 2; n <= GALERA_NODES; n++)); do
    launch_galera "$n"
    await_galera "$n"
  done
}
