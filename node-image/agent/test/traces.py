"""Runs in a sandbox: `traces.py leave NUMBER [PLACE…]` tries to leave a number for later programs, `traces.py find NUMBER [PLACE…]` says where it is.

Each place is a pair of functions, leave_PLACE and find_PLACE; find_PLACE returns whatever may hold the number, and is searched for it.
"""

import ctypes
import os
import socket
import struct
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
FOLDERS = ["/workdir", "/tmp", "/var/tmp", "/dev/shm", "/dev", "/dev/mqueue", "/dev/pts", "/sys/fs/cgroup", "/run", "/var", "/etc", "/root", "/home"]


def attempt(call, *arguments, **options):
    try:
        return call(*arguments, **options)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def must(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "a call")
    return result


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def entries():
    """The folders themselves, and what is directly in them."""
    for folder in FOLDERS:
        yield folder
        yield from (os.path.join(folder, name) for name in attempt(os.listdir, folder) or ())


def leave_files(number):
    for folder in FOLDERS:
        for name in ("plain", ".hidden", f"name-{number}", "-rf", "\n"):
            attempt(write, f"{folder}/{name}", str(number))
        attempt(os.symlink, str(number), f"{folder}/link")
        deep = f"{folder}/a" + "/.b" * 50
        attempt(os.makedirs, deep)
        attempt(write, deep + "/file", str(number))
        attempt(os.chmod, f"{folder}/a", 0)


def find_files():
    for folder in FOLDERS:
        for parent, folders, files in os.walk(folder):
            for path in (os.path.join(parent, name) for name in folders + files):
                yield path
                if os.path.islink(path):
                    yield os.readlink(path)
                elif os.path.isfile(path) and not path.startswith("/sys/"):
                    # Not this script itself, and not its output.
                    if os.path.dirname(path) != "/workdir" or os.path.basename(path) not in ("traces.py", ".output"):
                        yield attempt(lambda: open(path).read(10000))


def leave_installed_files(number):
    for path in ("/usr/lib/locale/locale-archive", "/usr/lib/locale/C.utf8/LC_CTYPE", "/etc/ld.so.cache", "/etc/passwd", "/usr/local/bin/joyoi-agent"):
        attempt(lambda: open(path, "a").write(str(number)))
        attempt(os.utime, path, (number, number))
        attempt(write, path + ".new", str(number))


def find_installed_files():
    for folder in ("/usr/lib/locale", "/etc", "/usr/local/bin", "/usr/lib/locale/C.utf8"):
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            yield os.lstat(path).st_mtime
            if os.path.isfile(path) and os.path.getsize(path) < 1 << 20:
                yield attempt(lambda: open(path, "rb").read().decode("latin-1"))


def leave_times(number):
    for path in entries():
        attempt(os.utime, path, (number, number), follow_symlinks=False)


def find_times():
    return [time for path in entries() if os.path.lexists(path) for time in (os.lstat(path).st_mtime, os.lstat(path).st_atime)]


def leave_owners(number):
    for path in entries():
        attempt(os.lchown, path, number, number)


def find_owners():
    return [id for path in entries() if os.path.lexists(path) for id in (os.lstat(path).st_uid, os.lstat(path).st_gid)]


def leave_modes(number):
    for path in entries():
        if not os.path.islink(path):
            attempt(os.chmod, path, 0o6000 | os.stat(path).st_mode)


def find_modes():
    # The bits themselves are the message.
    return [NUMBER for path in entries() if os.path.lexists(path) and os.lstat(path).st_mode & 0o6000 == 0o6000]


def leave_access_lists(number):
    acl = struct.pack("<I", 2)
    acl += b"".join(struct.pack("<HHI", *e) for e in ((1, 6, 2**32 - 1), (2, 6, number), (4, 6, 2**32 - 1), (16, 6, 2**32 - 1), (32, 6, 2**32 - 1)))
    for path in entries():
        for name in ("user.message", "trusted.message", "security.message"):
            attempt(os.setxattr, path, name, str(number).encode(), follow_symlinks=False)
        for name in ("system.posix_acl_access", "system.posix_acl_default"):
            attempt(os.setxattr, path, name, acl, follow_symlinks=False)


def find_access_lists():
    for path in entries():
        for name in attempt(os.listxattr, path, follow_symlinks=False) or ():
            value = attempt(os.getxattr, path, name, follow_symlinks=False) or b""
            yield value
            for at in range(0, len(value) - 3, 4):
                yield struct.unpack_from("<I", value, at)[0]


def leave_processes(number):
    for session in (False, True):
        subprocess.Popen(["bash", "-c", f"trap '' TERM HUP INT; exec -a {number} sleep 1000"], start_new_session=session)


def find_processes():
    for name in os.listdir("/proc"):
        if name.isdigit() and name != str(os.getpid()):
            yield attempt(lambda: open(f"/proc/{name}/cmdline").read() if name != str(os.getppid()) else "")


def leave_shm(number):
    must(libc.shmget(number, 4096, 0o1666))


def find_shm():
    return [open("/proc/sysvipc/shm").read()]


def leave_semaphores(number):
    must(libc.semget(number, 1, 0o1666))


def find_semaphores():
    return [open("/proc/sysvipc/sem").read()]


def leave_queues(number):
    must(libc.msgget(number, 0o1666))


def find_queues():
    return [open("/proc/sysvipc/msg").read()]


def leave_posix_queues(number):
    must(libc.mq_open(b"/%d" % number, os.O_CREAT | os.O_RDWR, 0o666, None))


def find_posix_queues():
    for flags in (os.O_RDONLY,):
        if libc.mq_open(b"/%d" % NUMBER, flags, 0, None) >= 0:
            yield NUMBER
    yield from os.listdir("/dev/mqueue")


def leave_keys(number):
    # add_key, for each keyring that there is
    for keyring in range(-5, 0):
        libc.syscall(248, b"user", b"message", str(number).encode(), len(str(number)), keyring)


def find_keys():
    yield attempt(lambda: open("/proc/keys").read())
    for keyring in range(-5, 0):
        found = libc.syscall(250, 10, keyring, b"user", b"message", 0)  # keyctl search
        if found >= 0:
            yield NUMBER


def port(number):
    return 20000 + number % 20000


def leave_sockets(number):
    pid = os.fork()
    if pid == 0:
        os.setsid()
        held = []
        for address in (f"\0{number}", "/tmp/socket"):
            held.append(socket.socket(socket.AF_UNIX))
            attempt(held[-1].bind, address)
        held.append(socket.socket())
        attempt(held[-1].bind, ("127.0.0.1", port(number) + 1))
        os.read(os.pipe()[0], 1)
    # A connection that was closed is remembered for a minute, and its addresses for longer.
    listener = socket.socket()
    listener.bind(("127.1.2.3", port(number)))
    listener.listen()
    client = socket.create_connection(("127.1.2.3", port(number)))
    server = listener.accept()[0]
    server.close()
    client.recv(1)
    client.close()


def find_sockets():
    for table in ("tcp", "tcp6", "udp", "udp6", "unix", "raw"):
        for line in (attempt(lambda: open("/proc/net/" + table).read()) or "").split("\n"):
            yield line
            if f":{port(NUMBER):04X} " in line or f":{port(NUMBER) + 1:04X} " in line:
                yield NUMBER
    for place in (("127.1.2.3", port(NUMBER)), ("127.0.0.1", port(NUMBER) + 1)):
        with socket.socket() as other:
            if attempt(lambda: other.bind(place) or True) is None:
                yield NUMBER


def leave_traffic(number):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        for _ in range(100):
            one.sendto(b"x" * 1000, ("127.0.0.1", 9))


def find_traffic():
    for line in open("/proc/net/dev"):
        if line.strip().startswith("lo:") and int(line.split()[1]) >= 100_000:
            yield NUMBER


def leave_settings(number):
    for parent, _, files in os.walk("/proc/sys"):
        for name in files:
            path = os.path.join(parent, name)
            value = str(number) if attempt(lambda: int(open(path).read())) is not None else None
            if value:
                attempt(write, path, value)


def find_settings():
    for parent, _, files in os.walk("/proc/sys"):
        for name in files:
            yield attempt(lambda: open(os.path.join(parent, name)).read().strip())


def leave_process_1(number):
    libc.prctl(15, str(number).encode())
    for name in os.listdir("/proc/1"):
        attempt(write, "/proc/1/" + name, str(number))
    for which in range(16):
        if libc.prlimit(1, which, struct.pack("QQ", number, number), None) == 0:
            print("a limit of process 1 was set", which)
    if libc.ptrace(16, 1, 0, 0) == 0 or libc.ptrace(0x4206, 1, 0, 0) == 0:
        print("process 1 can be traced")


def find_process_1():
    for name in os.listdir("/proc/1"):
        yield attempt(lambda: open("/proc/1/" + name).read())
    yield os.environ.get("MESSAGE")


def leave_environment(number):
    os.environ["MESSAGE"] = str(number)
    os.putenv("MESSAGE", str(number))


def find_environment():
    return list(os.environ.values())


PLACES = sys.argv[3:] or sorted(name[len("leave_"):] for name in globals() if name.startswith("leave_"))
mode, NUMBER = sys.argv[1], int(sys.argv[2])
for place in PLACES:
    if mode == "leave":
        try:
            globals()["leave_" + place](NUMBER)
        except (OSError, ValueError):
            pass
        sys.stdout.flush()
    else:
        found = globals()["find_" + place]()
        if any(str(NUMBER) in str(int(value) if isinstance(value, float) else value) for value in found if value is not None):
            print(place)
