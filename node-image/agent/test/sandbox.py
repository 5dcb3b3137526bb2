"""Drives a sandbox over `docker run -i`, as the service does over the engine's attach call. The engine is that of DOCKER_HOST."""

import io
import json
import os
import pathlib
import subprocess
import tarfile
import uuid

LOOP = pathlib.Path(__file__).parents[3] / "joyoi-core/src/main/resources/com/joyoi/management/sandbox/sandbox.sh"
IMAGE = os.environ.get("SANDBOX_IMAGE", "joyoi")

# As the service restricts its containers.
RESTRICTIONS = """--network none --security-opt no-new-privileges --pids-limit 512 --memory 256m --memory-swap 256m --log-driver none
  --cap-drop ALL --cap-add SETUID --cap-add SETGID --cap-add KILL --cap-add DAC_OVERRIDE --cap-add FOWNER --cap-add CHOWN""".split()
OTHER_PLACES = """--read-only --ipc private --shm-size 16m
  --tmpfs /tmp:rw,exec,size=16777216,nr_inodes=1024,mode=1777 --tmpfs /var/tmp:rw,exec,size=16777216,nr_inodes=1024,mode=1777""".split()
MEMORY_PLACES = [*OTHER_PLACES, "--tmpfs", "/workdir:rw,exec,size=67108864,nr_inodes=8192,mode=1777"]


def volume(name=""):
    """The places of a sandbox whose WorkDir is on disk: under a read-only root that takes a volume, anonymous unless named."""
    return [*OTHER_PLACES, "--mount", "type=volume,dst=/workdir" + (f",src={name}" if name else "")]




def docker(*words, check=True):
    return subprocess.run(["docker", *words], check=check, capture_output=True, text=True)


def tar(entries):
    """entries: name -> bytes, or None for a folder, or a TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in entries.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            info = tarfile.TarInfo(name)
            info.mode, info.size = 0o644, len(content or b"")
            if content is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(info, io.BytesIO(content or b""))
    return out.getvalue()


class Ended(Exception):
    """The connection ended."""


class Sandbox:
    def __init__(self, kind, places=MEMORY_PLACES, hello="", greet=True, options=()):
        self.name = f"joyoi-agent-test-{uuid.uuid4().hex[:12]}"
        command = ["docker", "run", "-i", "--name", self.name, *RESTRICTIONS, *places, *options]
        command += ["--env", "OF_CONTAINER=1", "--workdir", "/workdir", "--entrypoint", "bash", IMAGE, "-c", LOOP.read_text()]
        command += ["joyoi-sandbox", "/workdir"] + (["shell"] if kind == "shell" else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if greet:
            self.greeting = self.line()
            self.send(f"hello 1 {hello}".rstrip() + "\n")
            assert self.line() == "ok"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        subprocess.run(["docker", "rm", "-f", "-v", self.name], check=True, capture_output=True)

    def send(self, data):
        self.process.stdin.write(data.encode() if isinstance(data, str) else data)
        self.process.stdin.flush()

    def line(self):
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise Ended(line)
        return line.decode()[:-1]

    def ask(self, request):
        self.send(request)
        return self.line()

    def put_tar(self, data):
        return self.ask(b"put %d\n" % len(data) + data)

    def put(self, entries):
        answer = self.put_tar(tar(entries))
        assert answer == "ok", answer

    def start(self, command, deadline_ms=60000, env=()):
        command = command.encode()
        pairs = "".join(f"{pair}\n" for pair in env).encode()
        self.send(b"run %d %d %d\n" % (deadline_ms, len(env), len(command)) + pairs + command)

    def end(self):
        answer = self.line()
        verb, *pairs = answer.split(" ")
        assert verb == "ran", answer
        return {key: value if key == "end" else int(value) for key, value in (pair.split("=") for pair in pairs)}

    def run(self, command, **options):
        self.start(command, **options)
        return self.end()

    def output(self, command):
        """What a command that must succeed prints."""
        result = self.run(f"{{ {command}\n}} > .output 2>&1")
        text = self.fetch(".output").decode()
        assert result["exitCode"] == 0, (result, text)
        return text.strip()

    def fetch_part(self, path, offset, maximum):
        """(size, bytes), or the answer when there is no file."""
        answer = self.ask(f"fetch {offset} {maximum} {path}\n")
        if not answer.startswith("file "):
            return answer
        size, count = map(int, answer.split(" ")[1:])
        data = self.process.stdout.read(count)
        if len(data) != count:
            raise Ended(data)
        assert self.line() == "ok"
        return size, data

    def fetch(self, path):
        part = self.fetch_part(path, 0, 1 << 26)
        assert isinstance(part, tuple), part
        return part[1]

    def reset(self):
        return self.ask("reset\n")

    def exit_code(self):
        """Waits until the container itself has ended."""
        self.process.stdin.close()
        self.process.stdout.read()
        return int(subprocess.check_output(["docker", "wait", self.name]).decode())

    def ended_by_itself(self):
        """Its exit code, with the connection left open."""
        return int(subprocess.check_output(["docker", "wait", self.name]).decode())

    def volume(self):
        return json.loads(subprocess.check_output(["docker", "inspect", self.name]))[0]["Mounts"][0]["Name"]

    def is_running(self):
        state = subprocess.check_output(["docker", "inspect", self.name])
        return json.loads(state)[0]["State"]["Running"]
