# shellcheck shell=bash
# One MariaDB. Its defaults for character set and isolation stay as the package has them: the service has to declare
# what it needs. The account may make databases whose names begin with joyoi, so that tests can have one each.

MARIADB_DEADLINE=120
DB_USER=joyoi
DB_PASSWORD=joyoi-test

mariadb_user_options() { ((EUID != 0)) || echo --user=root; }

write_mariadb_config() {
  mkdir -p "$BED/db"
  write_file "$BED/db/my.cnf" <<CNF
[mariadbd]
datadir = $BED/db/data
socket = $BED/db/db.sock
pid-file = $BED/db/db.pid
tmpdir = $BED/db/tmp
bind-address = 127.0.0.1
port = $(setting port_db)
max_connections = 300
skip-name-resolve
# Survives a killed server, which the tests do; not a power failure, which they can't.
innodb_flush_log_at_trx_commit = 2
innodb_buffer_pool_size = 128M
CNF
}

create_mariadb() {
  local user
  user=$(mariadb_user_options)
  mkdir -p "$BED/db/tmp"
  write_mariadb_config
  mariadb-install-db --defaults-file="$BED/db/my.cnf" --datadir="$BED/db/data" ${user:+"$user"} \
    --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve >"$BED/log/mariadb-install.log" 2>&1 ||
    bed_fail "mariadb-install-db failed: $(tail -n 3 "$BED/log/mariadb-install.log")"
}

launch_mariadb() {
  local user
  user=$(mariadb_user_options)
  is_alive "$(pid_of mariadb)" || spawn mariadb mariadbd --defaults-file="$BED/db/my.cnf" ${user:+"$user"}
}

mariadb_root() { mariadb --no-defaults --socket="$BED/db/db.sock" -u root; }

mariadb_answers() { mariadb_root <<<'SELECT 1'; }

await_mariadb() { wait_for mariadb "$MARIADB_DEADLINE" mariadb_answers; }

# An anonymous user, where the installation made one, would shadow user@%.
create_account() {
  cat <<SQL
DELETE FROM mysql.global_priv WHERE User = '';
FLUSH PRIVILEGES;
CREATE DATABASE IF NOT EXISTS joyoi;
CREATE USER IF NOT EXISTS '$DB_USER'@'%' IDENTIFIED BY '$DB_PASSWORD';
GRANT ALL ON \`joyoi%\`.* TO '$DB_USER'@'%';
SQL
}

create_database() { create_account | mariadb_root; }
