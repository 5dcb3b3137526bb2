# Tries: to open or make a device
# Verdict: Accepted
import os, stat
found = []
for name in 'mem', 'kmem', 'port', 'kmsg', 'sda', 'vda', 'nvme0n1', 'loop0', 'fuse', 'kvm', 'net/tun', 'mapper/control', 'watchdog', 'rtc0':
    try:
        os.close(os.open('/dev/' + name, os.O_RDONLY | os.O_NONBLOCK))
        found.append(name)
    except OSError: pass
for kind in stat.S_IFBLK, stat.S_IFCHR:
    try:
        os.mknod('device', kind | 0o666, os.makedev(1, 3))
        found.append(kind)
    except OSError: pass
print(found if found else 7)
