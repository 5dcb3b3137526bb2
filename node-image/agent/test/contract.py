"""What every sandbox does, the native agent and the shell loop alike."""

import os
import time
import unittest

from sandbox import Ended, Sandbox


class Contract:
    kind = ""

    def setUp(self):
        self.sandbox = self.enterContext(Sandbox(self.kind))

    def test_greeting_says_versions_and_kind(self):
        self.assertEqual(self.sandbox.greeting.split(" ")[:4], ["joyoi-sandbox", "1", "1", self.kind])

    def test_files_come_back_as_they_were_put(self):
        binary = os.urandom(3_000_000) + b"\0\r\n\xff"
        files = {"plain": b"x", "empty": b"", "sp ace %41+?&#\\t*": b"y", "-rf": b"z", "x" * 255: b"long", "binary": binary}
        self.sandbox.put({"a": None, "a/b": None, "ü": None, "a/b/c": b"deep", "ü/汉字.txt": b"u", **files})
        for name, content in {"a/b/c": b"deep", "ü/汉字.txt": b"u", **files}.items():
            self.assertEqual(self.sandbox.fetch(name), content, name)

    def test_files_are_roots_with_the_modes_of_the_tar(self):
        self.sandbox.put({"d": None, "d/f": b"x"})
        self.assertEqual(self.sandbox.output("stat -c '%a %U:%G %n' . d d/f"), "1777 root:root .\n755 root:root d\n644 root:root d/f")

    def test_put_with_broken_tar_is_an_error_and_stays_in_sync(self):
        self.assertRegex(self.sandbox.put_tar(b"not a tar" * 500), "^error invalid ")
        self.sandbox.put({"f": b"x"})
        self.assertEqual(self.sandbox.fetch("f"), b"x")

    def test_put_of_nothing_is_ok(self):
        self.assertEqual(self.sandbox.put_tar(b""), "ok")

    def test_put_that_does_not_fit_is_an_error_and_stays_in_sync(self):
        from sandbox import tar

        self.assertRegex(self.sandbox.put_tar(tar({"big": bytes(70 << 20)})), "^error space ")
        self.assertEqual(self.sandbox.output("rm big; echo x"), "x")

    def test_exit_codes_are_reported(self):
        for command, code in {"true": 0, "exit 7": 7, "no-such-command": 127, "kill -9 $$": 137, "kill -TERM $$": 143}.items():
            result = self.sandbox.run(command)
            self.assertEqual((result["exitCode"], result["end"], result["oomKills"]), (code, "exit", 0), command)

    def test_wall_time_is_reported(self):
        self.assertTrue(300_000 <= self.sandbox.run("sleep 0.3")["wallUs"] < 20_000_000)

    def test_command_of_many_lines_and_bytes_is_run_by_bash(self):
        self.assertEqual(self.sandbox.output("x=( 'a  b' \"c\\\\d\" é )\nfor i in \"${x[@]}\"; do\n echo \"$i\"; done"), "a  b\nc\\d\né")

    def test_command_runs_in_work_dir_with_the_environment(self):
        self.sandbox.start("{ pwd; echo \"$A\"; echo \"$B\"; echo $OF_CONTAINER; } > o", env=["A=a  \\ b=c", "B="])
        self.assertEqual(self.sandbox.end()["exitCode"], 0)
        self.assertEqual(self.sandbox.fetch("o"), b"/workdir\na  \\ b=c\n\n1\n")

    def test_environment_of_one_run_is_not_that_of_the_next(self):
        self.sandbox.start("true", env=["A=secret", "OF_CONTAINER=2"])
        self.sandbox.end()
        self.assertEqual(self.sandbox.output("echo $A$OF_CONTAINER"), "1")

    def test_command_has_no_input_and_no_further_descriptors(self):
        # Not of this bash itself, which keeps what it redirects.
        script = "import os; print(*[fd for fd in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + fd)])"
        text = self.sandbox.output(f'wc -c; python3 -c "{script}"; readlink /proc/self/fd/0')
        self.assertEqual(text.split(), ["0", "0", "1", "2", "/dev/null"])

    def test_output_that_is_not_redirected_does_not_disturb_the_protocol(self):
        self.assertEqual(self.sandbox.run("seq 100000; seq 100000 >&2")["exitCode"], 0)

    def test_signals_are_at_their_defaults(self):
        self.assertEqual(self.sandbox.output("grep -E '^Sig(Blk|Ign)' /proc/self/status | cut -f2 | sort -u"), "0" * 16)

    def test_command_that_takes_too_long_is_killed_and_its_files_can_be_fetched(self):
        result = self.sandbox.run("echo begun > log; (trap '' TERM HUP; sleep 1000) & sleep 1000", deadline_ms=400)
        self.assertEqual((result["exitCode"], result["end"], result["survivors"]), (137, "deadline", 0))
        self.assertTrue(result["wallUs"] >= 400_000)
        self.assertEqual(self.sandbox.fetch("log"), b"begun\n")

    def test_background_processes_end_with_the_command(self):
        result = self.sandbox.run("setsid bash -c '(trap \"\" HUP TERM; while :; do echo x >> grows; done) &' & sleep 0.3")
        self.assertEqual((result["exitCode"], result["survivors"]), (0, 0))
        size = self.sandbox.output("stat -c %s grows")
        self.assertEqual(self.sandbox.output("sleep 0.2; stat -c %s grows"), size)

    def test_fork_bomb_ends_and_the_sandbox_goes_on(self):
        result = self.sandbox.run(":() { : | : & }; :; sleep 100", deadline_ms=1000)
        # The bash that started it may itself be refused its fork, and give up before the deadline.
        self.assertEqual(result["survivors"], 0)
        self.assertEqual(self.sandbox.output("echo alive"), "alive")

    def test_kills_for_memory_are_counted_for_their_own_run(self):
        self.assertGreaterEqual(self.sandbox.run("python3 -c 'b = bytearray(1 << 30)'")["oomKills"], 1)
        self.assertEqual(self.sandbox.run("true")["oomKills"], 0)

    def test_fetch_of_nothing_says_so(self):
        self.sandbox.put({"d": None})
        for path in ("no", "no/f", "d/no"):
            self.assertEqual(self.sandbox.fetch_part(path, 0, 10), "none", path)

    def test_fetch_follows_no_link_and_takes_nothing_but_files(self):
        self.sandbox.run(
            "ln -s /etc/passwd l; ln -s no-such-file dangling; ln -s /etc e; mkdir d; ln -s l d/l; mkfifo p; touch f;"
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'"
        )
        expected = {
            "l": "link l", "dangling": "link dangling", "e/passwd": "link e", "d/l": "link d/l", "d": "folder d",
            "p": "other p", "s": "socket s", "f/g": "file f", "p/x/y": "other p",
        }
        for path, answer in expected.items():
            self.assertEqual(self.sandbox.fetch_part(path, 0, 10), "refused " + answer, path)

    def test_fetch_of_bad_path_is_an_error(self):
        for path in ("", ".", "..", "/etc/passwd", "../etc/passwd", "a/../b", "a//b", "a/", "./a", "y" * 256, "a/" * 2048 + "b"):
            answer = self.sandbox.ask(f"fetch 0 10 {path}\n")
            self.assertRegex(answer, "^error invalid ", path)

    def test_fetch_sends_no_more_than_was_asked_for(self):
        self.sandbox.run("truncate -s 1T huge; printf 0123456789 > f")
        self.assertEqual(self.sandbox.fetch_part("huge", 0, 5), (1 << 40, bytes(5)))
        self.assertEqual(self.sandbox.fetch_part("huge", (1 << 40) - 3, 100), (1 << 40, bytes(3)))
        self.assertEqual(self.sandbox.fetch_part("f", 0, 0), (10, b""))
        self.assertEqual(self.sandbox.fetch_part("f", 3, 4), (10, b"3456"))
        self.assertEqual(self.sandbox.fetch_part("f", 8, 100), (10, b"89"))
        self.assertEqual(self.sandbox.fetch_part("f", 10, 100), (10, b""))
        self.assertEqual(self.sandbox.fetch_part("f", 11, 100), (10, b""))

    def test_end_of_input_ends_the_sandbox(self):
        self.assertEqual(self.sandbox.exit_code(), 0)

    def test_end_of_input_while_a_command_runs_ends_everything(self):
        self.sandbox.start("(trap '' TERM HUP; while :; do :; done) & sleep 1000")
        self.assertIn(self.sandbox.exit_code(), (0, 1))

    def test_end_of_input_in_the_middle_of_data_ends_the_sandbox(self):
        self.sandbox.send("put 100000\nabc")
        self.sandbox.exit_code()
        self.assertFalse(self.sandbox.is_running())

    def test_input_while_a_command_runs_breaks_the_protocol(self):
        self.sandbox.start("sleep 1000")
        self.sandbox.send("fetch 0 10 x\n")
        self.assert_fatal()

    def test_unknown_requests_break_the_protocol(self):
        for request in ("bogus\n", "\n", "put\n", "put x\n", "put -1\n", "put 1 2\n", "put 99999999999999999\n", "run 1 1\n",
                        "run 1 1 4\nA\ntrue", "fetch x 1 f\n", "fetch 0 99999999999 f\n", "hello 2\n", "x" * 10000 + "\n"):
            with self.subTest(request[:30]), Sandbox(self.kind) as sandbox:
                self.assertRegex(sandbox.ask(request), "^fatal ")
                self.assertEqual(sandbox.exit_code(), 1)

    def test_requests_before_hello_break_the_protocol(self):
        with Sandbox(self.kind, greet=False) as sandbox:
            sandbox.line()
            self.assertRegex(sandbox.ask("put 0\n"), "^fatal ")

    def test_requests_may_be_sent_before_the_answers_are_read(self):
        self.sandbox.send("put 0\nfetch 0 1 no\nput 0\nrun 1000 0 4\ntrue")
        self.assertEqual([self.sandbox.line() for _ in range(3)], ["ok", "none", "ok"])
        self.assertEqual(self.sandbox.end()["exitCode"], 0)

    def test_program_of_an_ordinary_user_can_do_no_harm(self):
        attack = "kill -9 1; kill -STOP 1; kill -TERM 1; echo forged > /proc/1/fd/1; cat /proc/1/environ; cat /proc/1/mem; true"
        self.sandbox.run(f"setpriv --reuid 10001 --regid 10001 --clear-groups --inh-caps=-all --bounding-set=-all bash -c '{attack}'")
        self.assertEqual(self.sandbox.output("echo alive"), "alive")

    def assert_fatal(self):
        try:
            self.assertRegex(self.sandbox.line(), "^fatal ")
        except Ended:
            pass
        self.sandbox.exit_code()
        self.assertFalse(self.sandbox.is_running())


class AgentContract(Contract, unittest.TestCase):
    kind = "agent"


    def test_end_is_a_feature_and_ends_the_sandbox(self):
        self.assertIn("end", self.sandbox.greeting.split(" ")[4:])
        self.assertEqual(self.sandbox.ask("end\n"), "ended")
        self.assertEqual(self.sandbox.ended_by_itself(), 0)

    def test_silence_ends_the_sandbox(self):
        for begun in ("", "put 100000\nabc", "fet"):
            with self.subTest(begun), Sandbox(self.kind, hello="idleMs=300 later=x") as sandbox:
                sandbox.send(begun)
                self.assertEqual(sandbox.ended_by_itself(), 0)

    def test_answers_that_nobody_takes_end_the_sandbox(self):
        with Sandbox(self.kind, hello="idleMs=1000") as sandbox:
            sandbox.run("truncate -s 64M f")
            sandbox.send("fetch 0 67108864 f\n" * 4)
            # Nothing is read: the pipes between here and there fill up. The engine says nothing of a container whose output it holds.
            time.sleep(5)
            self.assertLess(len(sandbox.process.stdout.read()), 4 << 26)
            self.assertEqual(sandbox.ended_by_itself(), 0)

    def test_silence_while_a_command_runs_is_no_harm(self):
        with Sandbox(self.kind, hello="idleMs=300") as sandbox:
            self.assertEqual(sandbox.run("sleep 1")["exitCode"], 0)


class ShellContract(Contract, unittest.TestCase):
    kind = "shell"


if __name__ == "__main__":
    unittest.main()
