# shellcheck shell=bash
# File systems of their own for the images and containers of each daemon and for the MariaDB, so that one can be full
# while the machine's is not. Sparse files, mounted by loop devices.

NODE_DISK_MB=8192
DB_DISK_MB=1024

make_disk() {
  local name=$1 megabytes=$2 point=$3
  mkdir -p "$BED/disks" "$point"
  truncate -s "${megabytes}M" "$BED/disks/$name"
  mkfs.ext4 -q -m 0 "$BED/disks/$name"
  mount -o loop "$BED/disks/$name" "$point"
}

make_disks() {
  local n
  for n in 1 2; do make_disk "docker-$n" "$NODE_DISK_MB" "$BED/n$n/data"; done
  make_disk mariadb "$DB_DISK_MB" "$BED/db"
}

fill_disk() {
  local point=$1
  mountpoint -q "$point" || bed_fail "$point has no file system of its own; start the bed with --own-disks"
  fallocate -l "$(($(df -B1 --output=avail "$point" | tail -n 1)))" "$point/filling" 2>/dev/null || true
  # What fallocate leaves, block by block.
  dd if=/dev/zero "of=$point/filling-rest" bs=4k status=none 2>/dev/null || true
}

free_disk() { rm -f "$1/filling" "$1/filling-rest"; }
