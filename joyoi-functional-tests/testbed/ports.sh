# shellcheck shell=bash
# Free TCP ports on loopback, for daemons that can not choose one themselves.

# port_is_free ADDRESS PORT: nothing listens there, on the wildcard addresses neither. The kernel's own table
# needs no tool and no connection attempt.
port_is_free() {
  local octets hex_address hex_port
  IFS=. read -r -a octets <<<"$1"
  hex_address=$(printf '%02X%02X%02X%02X' "${octets[3]}" "${octets[2]}" "${octets[1]}" "${octets[0]}")
  hex_port=$(printf '%04X' "$2")
  ! { cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true; } | awk -v at="$hex_address:$hex_port" -v any=":$hex_port" '
    $4 == "0A" && ($2 == at || $2 ~ ("^0+" any "$")) { found = 1 } END { exit !found }'
}

# free_port [TAKEN…]: below the range from which the kernel takes ports of outgoing connections.
free_port() {
  local port
  for _ in {1..200}; do
    port=$((20000 + RANDOM % 12000))
    if port_is_free 127.0.0.1 "$port" && [[ " $* " != *" $port "* ]]; then
      echo "$port"
      return 0
    fi
  done
  echo "no free port from 20000 to 31999 on 127.0.0.1" >&2
  return 1
}
