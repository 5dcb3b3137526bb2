# shellcheck shell=bash
# Two Docker daemons, each with a containerd of its own: a daemon that finds the machine's containerd would share it,
# and a killed daemon's containers are to survive it, as they do on a node.

CONTAINERD_DEADLINE=60
DOCKERD_DEADLINE=90

cgroup_name() { echo "joyoi-$(basename "$BED" | tr -c 'A-Za-z0-9\n' '-')-$(setting id)-$1"; }

write_node_config() {
  local n=$1 folder=$BED/n$1 hosts trust_key=''
  mkdir -p "$folder"
  hosts="\"unix://$folder/docker.sock\", \"tcp://127.0.0.1:$(setting "port_$n")\""
  hosts+=", \"tcp://$(setting wrong_host_ip):$(setting "port_$n")\""
  [[ -z $(setting "seed_ip_$n") ]] || hosts+=", \"tcp://$(setting "seed_ip_$n"):2376\""
  # Engines before 24 keep their identity in /etc/docker, where both would find the same one.
  if (($(dockerd --version | sed 's/[^0-9]*\([0-9]*\).*/\1/') < 24)); then
    trust_key="\"deprecated-key-path\": \"$folder/key.json\","
  fi
  write_file "$folder/daemon.json" <<JSON
{
  $trust_key
  "hosts": [$hosts],
  "tlsverify": true,
  "tlscacert": "$BED/certs/nodes/docker-$n/ca.pem",
  "tlscert": "$BED/certs/nodes/docker-$n/server-cert.pem",
  "tlskey": "$BED/certs/nodes/docker-$n/server-key.pem",
  "data-root": "$folder/data",
  "exec-root": "$folder/exec",
  "pidfile": "$folder/docker.pid",
  "group": "${SUDO_GID:-$(id -g)}",
  "containerd": "$folder/containerd.sock",
  "cgroup-parent": "/$(cgroup_name "$n")",
  "exec-opts": ["native.cgroupdriver=cgroupfs"],
  "bridge": "none",
  "iptables": false,
  "ip6tables": false,
  "ip-forward": false,
  "userland-proxy": false,
  "shutdown-timeout": 5,
  "labels": ["joyoi.testbed.node=docker-$n"]
}
JSON
  write_file "$folder/containerd.toml" <<TOML
version = 2
root = "$folder/containerd"
state = "$folder/containerd-state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$folder/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$folder/opt"
TOML
}

node_answers() { curl -fsS --max-time 5 --unix-socket "$BED/n$1/docker.sock" http://docker/_ping; }

launch_node() {
  local n=$1 folder=$BED/n$1
  if ! is_alive "$(pid_of "containerd-$n")"; then
    rm -f "$folder/containerd.sock"
    spawn "containerd-$n" containerd --config "$folder/containerd.toml"
    wait_for "containerd-$n" "$CONTAINERD_DEADLINE" test -S "$folder/containerd.sock"
  fi
  is_alive "$(pid_of "docker-$n")" && return 0
  # A killed daemon leaves its file, and refuses to start while the process of that number is not reaped.
  rm -f "$folder/docker.pid"
  spawn "docker-$n" dockerd --config-file "$folder/daemon.json"
}

await_node() { wait_for "docker-$1" "$DOCKERD_DEADLINE" node_answers "$1"; }
