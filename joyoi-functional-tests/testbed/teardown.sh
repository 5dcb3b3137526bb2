# shellcheck shell=bash
# Ends everything that belongs to the bed, whatever state it is in: half started, paused, killed.

STOP_DEADLINE=20

# TERM first, so that the daemons can stop their containers; what is left is killed.
end_process() {
  local pid=$1 deadline=$((SECONDS + STOP_DEADLINE))
  is_alive "$pid" || return 0
  kill -CONT "$pid" 2>/dev/null || true
  kill -TERM "$pid" 2>/dev/null || true
  while is_alive "$pid" && ((SECONDS < deadline)); do sleep 0.1; done
  is_alive "$pid" || return 0
  kill -KILL "$pid" 2>/dev/null || true
}

# Side by side. Waits for these helpers by id: the daemons may be children of this shell, too.
end_all() {
  local name helpers=()
  for name in "$@"; do
    end_process "$(pid_of "$name")" &
    helpers+=("$!")
  done
  wait "${helpers[@]}"
}

end_daemons() {
  end_all docker-1 docker-2 docker-3 mariadb galera-1 galera-2 galera-3
  end_all containerd-1 containerd-2 containerd-3
}

# A process id in a file may be another program's by now: only one that runs for this bed is touched.
forget_foreign_pids() {
  local file mine
  mine=" $(bed_processes | tr '\n' ' ')"
  for file in "$BED"/run/*.pid; do
    [[ -e $file ]] || continue
    [[ $mine == *" $(cat "$file") "* ]] || rm -f "$file"
  done
}

kill_leftovers() {
  local pid pids
  for _ in {1..50}; do
    kill_cgroups
    pids=$(bed_processes)
    [[ -n $pids ]] || return 0
    for pid in $pids; do kill -KILL "$pid" 2>/dev/null || true; done
    sleep 0.1
  done
  bed_fail "processes that do not end: $(bed_processes | tr '\n' ' ')"
}

# Folders of the bed's control groups, the deepest first, in every hierarchy of version 1, or in the one of version 2.
cgroup_folders() {
  local n
  for n in 1 2 3; do
    find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "$(cgroup_name "$n")" \
      -exec find {} -depth -type d \; 2>/dev/null || true
  done
}

kill_cgroups() {
  local folder pid
  cgroup_folders | while read -r folder; do
    { while read -r pid; do kill -KILL "$pid" || true; done <"$folder/cgroup.procs"; } 2>/dev/null || true
    [[ ! -e $folder/freezer.state ]] || echo THAWED >"$folder/freezer.state" 2>/dev/null || true
  done
}

remove_cgroups() {
  local folder
  for _ in {1..50}; do
    cgroup_folders | while read -r folder; do rmdir "$folder" 2>/dev/null || true; done
    [[ -n $(cgroup_folders) ]] || return 0
    sleep 0.1
  done
  bed_fail "control groups that can't be removed: $(cgroup_folders | tr '\n' ' ')"
}

# Deepest first; a mount of a container that died with its shim is nobody's any more.
unmount_all() {
  local point
  awk -v bed="$BED/" 'index($5, bed) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r point; do
    umount "$point" 2>/dev/null || umount -l "$point" 2>/dev/null || true
  done
}

# Shims keep their sockets outside of the bed, named by a hash; a socket on which nobody listens is dead.
remove_dead_shim_sockets() {
  local socket
  [[ -e $BED/run/shim-sockets ]] || return 0
  for socket in /run/containerd/s/*; do
    [[ -S $socket ]] || continue
    if ! grep -qxF "$socket" "$BED/run/shim-sockets" && ! awk -v path="$socket" '
      $8 == path { found = 1 } END { exit !found }' /proc/net/unix; then
      rm -f "$socket"
    fi
  done
}

teardown() {
  [[ -e $BED ]] || return 0
  [[ -e $BED/$MARKER ]] || bed_fail "$BED is no test bed: nothing removed"
  forget_foreign_pids
  # Containers first: else each of them costs the daemon its stop time-out.
  kill_cgroups
  end_daemons
  kill_leftovers
  remove_cgroups
  unmount_all
  remove_dead_shim_sockets
  rm -rf --one-file-system "$BED"
}
