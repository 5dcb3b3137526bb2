"""What an actor that is root can try against the agent, and what the agent alone can do: reset, and the cache."""

import hashlib
import pathlib
import subprocess
import time
import unittest

from sandbox import MEMORY_PLACES, Ended, Sandbox, docker, tar, volume
import tarfile

# Nested folders until there is no more room, or COUNT of them; a path of their whole length can't be named.
NEST = "python3 -c \"\nimport os\nfor i in range({count}):\n  try: os.mkdir('d')\n  except OSError: break\n  os.chdir('d')\nprint(i)\""


class Attacks(unittest.TestCase):
    def setUp(self):
        self.sandbox = self.enterContext(Sandbox("agent"))

    def python(self, script):
        self.sandbox.put({"attack.py": script.encode()})
        return self.sandbox.output("python3 attack.py")

    def assert_unharmed(self):
        self.assert_clean()
        self.assertEqual(self.sandbox.output("echo alive"), "alive")

    def assert_clean(self):
        self.assertEqual(self.sandbox.reset(), "clean")
        self.assertEqual(self.sandbox.output("find /workdir /tmp /var/tmp /dev/shm /dev/mqueue -mindepth 1 ! -name .output"), "")

    def test_signals_do_not_reach_process_1(self):
        self.sandbox.output("for s in $(seq 64); do kill -$s 1 || true; done; sleep 0.1")
        self.assert_unharmed()

    def test_all_kills_reach_only_the_actor_itself(self):
        self.assertEqual(self.sandbox.run("kill -9 -1; sleep 0.2; exit 3")["exitCode"], 3)
        self.assert_unharmed()

    def test_memory_descriptors_and_environment_of_process_1_are_out_of_reach(self):
        text = self.python(
            """
import ctypes, os
def tries(what, call):
    try: call(); print(what)
    except OSError as e: pass
for name in ("mem", "maps", "environ", "auxv", "syscall", "stack", "io", "map_files", "fdinfo"):
    tries(name, lambda: (os.listdir if "f" in name else lambda p: open(p, "rb").read(1) or 1 / 0)("/proc/1/" + name))
for fd in range(20):
    tries("open %d" % fd, lambda: os.open("/proc/1/fd/%d" % fd, os.O_WRONLY))
tries("cwd", lambda: os.readlink("/proc/1/cwd"))
tries("exe", lambda: os.readlink("/proc/1/exe"))
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, 1, 0, 0) == 0: print("ptrace attach")
if libc.ptrace(0x4206, 1, 0, 0) == 0: print("ptrace seize")
buffer = ctypes.create_string_buffer(8)
class Vector(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
local, remote = Vector(ctypes.addressof(buffer), 8), Vector(0x400000, 8)
for call in (libc.process_vm_readv, libc.process_vm_writev):
    if call(1, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0: print("process_vm")
# pidfd_open and pidfd_getfd
pidfd = libc.syscall(434, 1, 0)
for fd in range(20):
    if pidfd >= 0 and libc.syscall(438, pidfd, fd, 0) >= 0: print("pidfd_getfd", fd)
# kcmp tells whether two processes share a descriptor
if libc.syscall(312, 1, os.getpid(), 0, 0, 0) >= 0: print("kcmp")
"""
        )
        self.assertEqual(text, "")
        self.assert_unharmed()

    def test_limits_of_process_1_are_out_of_reach(self):
        text = self.python(
            """
import os, resource
for gid in (0, 10003):
    os.setresgid(gid, gid, gid)
    for name in ("NOFILE", "CPU", "FSIZE", "AS", "STACK", "CORE"):
        try: print(resource.prlimit(1, getattr(resource, "RLIMIT_" + name), (0, 0)))
        except OSError: pass
"""
        )
        self.assertEqual(text, "")
        self.assert_unharmed()

    def test_what_children_would_inherit_from_process_1_is_restored(self):
        look = "taskset -p 1; grep . /proc/1/oom_score_adj /proc/1/coredump_filter /proc/1/autogroup || true"
        before = self.sandbox.output(look)
        self.sandbox.output("taskset -p 1 1; cd /proc/1; echo 900 > oom_score_adj; echo 3 > coredump_filter; echo 5 > autogroup || true")
        self.assertNotEqual(self.sandbox.output(look), before)
        self.assert_clean()
        self.assertEqual(self.sandbox.output(look), before)

    def test_files_of_process_1_that_root_can_write_to_are_all_restored(self):
        # Each is tried with some values; those that take one must say afterwards what they said before.
        script = """
import os
def texts():
    found = {}
    for name in os.listdir("/proc/1"):
        try: found[name] = open("/proc/1/" + name).read()
        except OSError: pass
    return found
before = texts()
for name in before:
    for value in (b"1", b"7", b"0x11", b"message", b"0 0 1"):
        try:
            fd = os.open("/proc/1/" + name, os.O_WRONLY)
            os.write(fd, value)
        except OSError: pass
print(*[n for n, text in texts().items() if text != before[n] and n not in COUNTERS])
"""
        counters = "arch_status stat statm status sched schedstat io wchan syscall ksm_stat oom_score oom_adj mountstats".split()
        self.sandbox.put({"p.py": f"COUNTERS = {counters}{script}".encode()})
        changed = self.sandbox.output("python3 p.py").split()
        self.assertLessEqual(set(changed), {"oom_score_adj", "coredump_filter", "autogroup"})
        self.assert_clean()

    def test_keyrings_are_closed(self):
        script = "import ctypes\nlibc = ctypes.CDLL(None)\nprint(libc.syscall(248, b'user', b'k', b'm', 1, -4), libc.syscall(250, 0, -4, 1))"
        self.assertEqual(self.python(script), "-1 -1")

    def test_what_can_not_be_restored_condemns(self):
        for attack in ("renice 5 -p 1", "chrt -b -p 0 1", "ionice -c 3 -p 1", "chmod 600 /dev/null", "rm /dev/zero", "ln -sfn x /dev/fd"):
            with self.subTest(attack), Sandbox("agent") as sandbox:
                sandbox.output(attack)
                self.assertRegex(sandbox.reset(), "^condemned ")

    def test_a_full_disk_is_emptied(self):
        self.sandbox.run("fallocate -n -l 2G a; dd if=/dev/zero of=b bs=1M; dd if=/dev/zero of=/tmp/c bs=1M")
        self.assertRegex(self.sandbox.put_tar(tar({"f": bytes(100_000)})), "^error space ")
        self.assertEqual(self.sandbox.fetch_part("b", 0, 1)[1], b"\0")
        self.assert_unharmed()
        self.sandbox.put({"f": bytes(50 << 20)})

    def test_used_up_inodes_are_freed(self):
        self.sandbox.run("python3 -c 'for i in range(1 << 20): open(str(i), \"x\")'")
        self.assertRegex(self.sandbox.put_tar(tar({"f": b""})), "^error space ")
        self.assert_unharmed()

    def test_nested_folders_are_removed_quickly(self):
        depths = [self.sandbox.output(f"cd {place}; {NEST.format(count=30000)}") for place in ("/workdir", "/tmp")]
        self.assertGreater(int(depths[0]), 4000)
        began = time.monotonic()
        answer = self.sandbox.reset()
        print(f"[{depths} nested folders removed in {time.monotonic() - began:.3f} s]", end=" ")
        self.assertEqual(answer, "clean")
        self.assert_unharmed()

    def test_nested_folders_on_disk_are_removed_and_the_container_with_them(self):
        with Sandbox("agent", places=()) as sandbox:
            sandbox.output(NEST.format(count=30000))
            began = time.monotonic()
            self.assertRegex(sandbox.reset(), "^condemned / is writable")
            print(f"[30000 on disk: {time.monotonic() - began:.1f} s]", end=" ")
            self.assertEqual(sandbox.output("find . -mindepth 1 ! -name .output"), "")

    def test_work_dir_on_a_volume_is_emptied_at_the_end_and_removed_with_the_container(self):
        for end in (lambda s: self.assertEqual(s.ask("end\n"), "ended"), lambda s: s.process.stdin.close()):
            with Sandbox("agent", places=volume()) as sandbox:
                name = sandbox.volume()
                self.assertEqual(sandbox.output("stat -c '%a %U' .; touch /x || echo read-only").split("\n")[::2], ["1777 root", "read-only"])
                sandbox.output("mkdir -p a/b/c && chmod 0 a && ln -s /tmp l && touch /tmp/t && ln -s . a/b/c/l; truncate -s 1T a/b/huge")
                depth = sandbox.output(NEST.format(count=30000))
                began = time.monotonic()
                end(sandbox)
                self.assertEqual(sandbox.ended_by_itself(), 0)
                print(f"[{depth} on a volume: {time.monotonic() - began:.1f} s]", end=" ")
            self.assertNotEqual(docker("volume", "inspect", name, check=False).returncode, 0)

    def test_as_many_files_on_a_volume_as_a_run_can_make_are_removed_in_time(self):
        with Sandbox("agent", places=volume()) as sandbox:
            script = "import os\nos.makedirs('w/w')\nfor i in range(1000000):\n  os.mknod('w/w/%d' % i)\n  if i % 1000 == 0: print(i, flush=True)"
            sandbox.put({"p.py": script.encode()})
            sandbox.run("python3 p.py > log", deadline_ms=20000)
            made = sandbox.fetch("log").split()[-1].decode()
            began = time.monotonic()
            self.assertEqual(sandbox.ask("end\n"), "ended")
            print(f"[{made} files made in 20 s, removed in {time.monotonic() - began:.1f} s]", end=" ")

    def test_what_can_not_be_emptied_in_time_is_said_and_another_sandbox_empties_it(self):
        with Sandbox("agent", places=volume(), hello="emptyMs=1") as sandbox:
            sandbox.output(NEST.format(count=5000))
            self.assertEqual(sandbox.ask("end\n"), "left emptying took too long")
            self.assertEqual(sandbox.ended_by_itself(), 3)
            with Sandbox("agent", places=volume(sandbox.volume())) as other:
                self.assertEqual(other.ask("end\n"), "ended")
                self.assertEqual(other.ended_by_itself(), 0)

    def test_a_volume_that_is_to_be_looked_at_stays_as_it_is(self):
        with Sandbox("agent", places=volume(), hello="emptyMs=0") as sandbox:
            sandbox.put({"f": b"x"})
            self.assertEqual(sandbox.exit_code(), 0)
            with Sandbox("agent", places=volume(sandbox.volume())) as other:
                self.assertEqual(other.fetch("f"), b"x")

    def test_work_dir_in_the_containers_own_layer_stays_as_it_is(self):
        with Sandbox("agent", places=()) as sandbox:
            sandbox.put({"f": b"x"})
            self.assertEqual(sandbox.exit_code(), 0)
            self.assertIn(b"f", subprocess.check_output(["docker", "cp", f"{sandbox.name}:/workdir", "-"]))

    def test_a_disk_that_is_not_emptied_is_said_at_the_end(self):
        for places, folder in (((), "/"), ([*MEMORY_PLACES, "--volume", "/somewhere"], "/somewhere")):
            with Sandbox("agent", places=places) as sandbox:
                self.assertEqual(sandbox.ask("end\n"), f"left {folder} is writable, and not emptied")

    def test_a_volume_condemns(self):
        with Sandbox("agent", places=volume()) as sandbox:
            self.assertEqual(sandbox.reset(), "condemned /workdir is on disk")

    def test_broad_and_odd_trees_are_removed(self):
        self.sandbox.output(
            "mkdir -p a/b/c/d .h/.0/.1 .0 .1; for i in $(seq 60); do mkdir -p w/$i/x/y; touch w/$i/x/y/{1..40}; done;"
            "ln -s / a/b/root; ln a/b/root a/hard; mkfifo a/p; chmod 000 a .h w; touch $'new\\nline' $'\\xff'; mkdir -m 1000 s; chown -R 10001 a"
        )
        self.assert_unharmed()
        self.assertEqual(self.sandbox.output("ls /etc/passwd"), "/etc/passwd")

    def test_used_up_pids_and_memory_are_freed(self):
        self.sandbox.run("for i in $(seq 1000); do sleep 1000 & done; sleep 1000", deadline_ms=2000)
        self.sandbox.run("python3 -c '\nimport os\nwhile True:\n  if os.fork() == 0: b = bytearray(20 << 20)\n'", deadline_ms=3000)
        self.sandbox.run("dd if=/dev/zero of=a bs=1M; python3 -c 'b = bytearray(1 << 30)'")
        self.assert_unharmed()

    def test_work_dir_can_not_be_removed_or_replaced(self):
        self.sandbox.run("cd /; rm -rf /workdir; mv /workdir /x; umount /workdir; mount -o remount,ro /workdir; mount -t tmpfs x /workdir; true")
        self.sandbox.put({"f": b"x"})
        self.assertEqual(self.sandbox.fetch("f"), b"x")
        self.assert_unharmed()

    def test_work_dir_on_disk_that_is_removed_is_the_runs_own_loss(self):
        with Sandbox("agent", places=()) as sandbox:
            sandbox.run("cd /; rm -rf /workdir; ln -s /etc /workdir")
            self.assertEqual(sandbox.fetch_part("passwd", 0, 10), "none")
            self.assertRegex(sandbox.reset(), "^condemned ")

    def test_nothing_is_left_to_replace_files_while_they_are_fetched(self):
        self.sandbox.run(
            "for i in 1 2 3; do setsid bash -c 'while :; do ln -sf /etc/passwd f; rm -f f; mkfifo f; rm -f f; echo x > f; rm f; done' & done; sleep 0.3"
        )
        answers = {self.sandbox.fetch_part("f", 0, 0) for _ in range(200)}
        self.assertEqual(len(answers), 1)

    def test_traces_in_folders_themselves_are_removed(self):
        self.sandbox.reset()
        before = self.sandbox.output("cd /; stat -c '%n %a %u %g' /workdir /tmp /var/tmp /dev/shm; stat -c %y /tmp /var/tmp /dev/shm")
        self.sandbox.output("for d in /workdir /tmp /var/tmp /dev/shm; do chmod 3705 $d; chown 5:6 $d; touch -d 2001-02-03 $d; done")
        self.assertEqual(self.sandbox.reset(), "clean")
        after = self.sandbox.output("cd /; stat -c '%n %a %u %g' /workdir /tmp /var/tmp /dev/shm; stat -c %y /tmp /var/tmp /dev/shm")
        self.assertEqual(before, after)

    def test_attributes_and_access_lists_of_folders_are_removed(self):
        script = """
import os, struct
for d in ("/workdir", "/tmp"):
    try: os.setxattr(d, "user.message", b"m")
    except OSError: pass
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in ((1, 7, 2**32 - 1), (2, 7, 4242), (4, 7, 2**32 - 1), (16, 7, 2**32 - 1), (32, 7, 2**32 - 1)))
    for name in ("system.posix_acl_access", "system.posix_acl_default"):
        try: os.setxattr(d, name, acl)
        except OSError: pass
"""
        self.python(script)
        self.assertEqual(self.sandbox.reset(), "clean")
        self.assertEqual(self.python("import os\nprint(os.listxattr('/workdir') + os.listxattr('/tmp'))"), "[]")

    def test_ipc_objects_of_every_user_are_removed(self):
        script = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for uid in (0, 10001, 4242):
    if os.fork() == 0:
        os.setresuid(uid, uid, uid)
        for i in range(40):
            if libc.shmget(0, 4096, 0o1600) < 0 or libc.msgget(0, 0o1600) < 0 or libc.semget(0, 1, 0o1600) < 0: raise OSError(ctypes.get_errno())
        for name in (b"/q%d" % uid, b"/r%d" % uid):
            if libc.mq_open(name, os.O_CREAT | os.O_RDWR, 0o600, None) < 0: raise OSError(ctypes.get_errno())
        open("/dev/shm/f%d" % uid, "x")
        os._exit(0)
    assert os.wait()[1] == 0
"""
        self.python(script)
        self.assertEqual(self.sandbox.output("cat /proc/sysvipc/{shm,msg,sem} | wc -l"), "363")
        self.assertEqual(self.sandbox.reset(), "clean")
        self.assertEqual(self.sandbox.output("cat /proc/sysvipc/{shm,msg,sem} | wc -l; ls /dev/mqueue /dev/shm | grep -v :"), "3")

    def test_files_in_dev_are_removed(self):
        self.sandbox.output("mkdir -p /dev/a/b; echo message > /dev/a/b/c; ln -s x /dev/l; echo m > /dev/m")
        self.assert_clean()
        self.assertEqual(self.sandbox.output("ls /dev | grep -xE 'a|l|m' | wc -l"), "0")

    def test_a_writable_root_condemns(self):
        with Sandbox("agent", places=()) as sandbox:
            self.assertEqual(sandbox.reset(), "condemned / is writable")

    def test_a_writable_volume_condemns(self):
        with Sandbox("agent", options=["--volume", "/somewhere"]) as sandbox:
            self.assertEqual(sandbox.reset(), "condemned /somewhere is writable")

    def test_hostile_tars_are_refused_and_nothing_comes_outside(self):
        for name, kind in (("s", tarfile.SYMTYPE), ("h", tarfile.LNKTYPE), ("p", tarfile.FIFOTYPE), ("c", tarfile.CHRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            self.assertEqual(self.sandbox.put_tar(tar({name: info})), f"error invalid '{name}' is neither a file nor a folder")
        for name in ("../x", "/tmp/x", "a/../../x", "..", "."):
            self.assertRegex(self.sandbox.put_tar(tar({name: b"x"})), "^error invalid ")
        self.sandbox.output("ln -s /tmp l; mkdir d; ln -s /tmp/t f; mkfifo p")
        self.assertRegex(self.sandbox.put_tar(tar({"l/x": b"x"})), "^error invalid 'l' is not a folder")
        self.assertRegex(self.sandbox.put_tar(tar({"d": b"x"})), "^error io ")
        # What is in the way is replaced, not followed or waited for.
        self.sandbox.put({"f": b"x", "p": b"y"})
        self.assertEqual((self.sandbox.fetch("f"), self.sandbox.fetch("p")), (b"x", b"y"))
        self.assertEqual(self.sandbox.output("find /tmp -mindepth 1"), "")

    def test_tar_that_ends_early_is_refused(self):
        whole = tar({"f": bytes(5000), "x" * 200: b"y"})
        # The last is behind a pax header.
        for size in (100, 512, 600, 1024, 5000, 6000, 6656, 7000):
            self.assertRegex(self.sandbox.put_tar(whole[:size]), "^error invalid ", size)
        self.assert_unharmed()


class Traces(unittest.TestCase):
    """No program finds what an earlier one left for it, if it was reset in between; what a sandbox is condemned for, nobody finds either."""

    # Odd, and found nowhere by chance: an id of a user, a time, a key.
    NUMBER = 1234509877
    AS_RUNNER = "setpriv --reuid 10001 --regid 10001 --clear-groups --inh-caps=-all --bounding-set=-all "
    # What a run finds of the one before without a reset: that they can be found at all.
    OF_RUNNER = {"files", "modes", "posix_queues", "queues", "semaphores", "shm", "sockets", "times", "traffic"}
    OF_ROOT = OF_RUNNER | {"access_lists", "owners"}

    def leave_and_find(self, user, places, reset):
        with Sandbox("agent") as sandbox:
            put = lambda: sandbox.put({"traces.py": pathlib.Path(__file__).with_name("traces.py").read_bytes()})
            put()
            left = sandbox.output(f"{user}python3 traces.py leave {self.NUMBER} {places}")
            self.assertEqual(left, "")
            answer = sandbox.reset() if reset else "clean"
            put()
            return answer, set(sandbox.output(f"{user}python3 traces.py find {self.NUMBER} {places}").split())

    def test_a_run_finds_what_an_earlier_one_left_when_nothing_is_reset(self):
        self.assertEqual(self.leave_and_find(self.AS_RUNNER, "", False)[1], self.OF_RUNNER)
        self.assertEqual(self.leave_and_find("", "", False)[1], self.OF_ROOT)

    def test_no_run_finds_what_an_earlier_one_left_and_a_condemned_sandbox_serves_none(self):
        for user, condemned in ((self.AS_RUNNER, {"sockets", "traffic"}), ("", {"modes", "owners", "sockets", "traffic"})):
            for place in sorted(self.OF_ROOT | {"environment", "installed_files", "keys", "process_1", "processes", "settings"}):
                with self.subTest(user=user, place=place):
                    answer, found = self.leave_and_find(user, place, True)
                    if place in condemned:
                        self.assertRegex(answer, "^condemned ")
                    else:
                        self.assertEqual((answer, found), ("clean", set()))


class Cache(unittest.TestCase):
    def setUp(self):
        self.sandbox = self.enterContext(Sandbox("agent", hello=f"cacheBytes={1 << 20}"))

    def store(self, content, digest=None):
        digest = digest or hashlib.sha256(content).hexdigest()
        return self.sandbox.ask(b"store %s %d\n" % (digest.encode(), len(content)) + content)

    def place(self, content, path, mode="644"):
        return self.sandbox.ask(f"place {hashlib.sha256(content).hexdigest()} {mode} {path}\n")

    def test_content_is_placed_as_often_as_wanted_also_after_reset(self):
        for content in (b"", b"x", b"y" * 55, b"y" * 56, b"y" * 64, b"z" * 100_000):
            self.assertEqual(self.place(content, "f"), "missing")
            self.assertEqual(self.store(content), "ok")
            self.assertEqual(self.place(content, "f"), "ok")
            self.sandbox.output("echo changed >> f")
            self.assertEqual(self.sandbox.reset(), "clean")
            self.assertEqual(self.place(content, "a b", "755"), "ok")
            self.assertEqual(self.sandbox.fetch("a b"), content)
            self.assertEqual(self.sandbox.output("stat -c '%a %U' 'a b'"), "755 root")

    def test_content_with_another_hash_is_refused(self):
        self.assertRegex(self.store(b"x", hashlib.sha256(b"y").hexdigest()), "^error invalid ")
        self.assertEqual(self.place(b"y", "f"), "missing")
        for digest in ("", "x" * 64, "A" * 64, "0" * 63):
            if digest:
                self.assertRegex(self.store(b"x", digest), "^error invalid ")

    def test_what_was_not_used_for_longest_goes_first(self):
        contents = [bytes([i]) * 300_000 for i in range(4)]
        for content in contents[:3]:
            self.assertEqual(self.store(content), "ok")
        self.assertEqual(self.place(contents[0], "f"), "ok")
        self.assertEqual(self.store(contents[3]), "ok")
        self.assertEqual([self.place(content, f"f{i}") for i, content in enumerate(contents)], ["ok", "missing", "ok", "ok"])

    def test_more_contents_than_places_are_no_harm(self):
        for i in range(100):
            self.assertEqual(self.store(b"%d" % i), "ok")
        self.assertEqual((self.place(b"0", "f"), self.place(b"99", "f")), ("missing", "ok"))

    def test_content_larger_than_the_cache_is_refused(self):
        self.assertRegex(self.store(bytes((1 << 20) + 1)), "^error space ")
        self.assertEqual(self.sandbox.output("echo alive"), "alive")

    def test_place_in_bad_places_is_refused(self):
        self.store(b"x")
        for path in ("../x", "/x", "no/x"):
            self.assertRegex(self.place(b"x", path), "^error invalid ")
        self.assertRegex(self.place(b"x", "f", "4755"), "^error invalid ")


if __name__ == "__main__":
    unittest.main()
