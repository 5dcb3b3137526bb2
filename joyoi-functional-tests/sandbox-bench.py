#!/usr/bin/env python3
"""Measures ways to run a command in a container, over the engine's raw API, one at a time and in turn.

usage: sandbox-bench.py [ROUNDS]     20 unless given. The engine is that of DOCKER_HOST (a unix:// socket), the image that of
                                     JOYOI_TEST_IMAGE, joyoi unless set. Prints median, fastest and slowest in ms.

floor    create, start, wait, remove
archive  create, upload, start, wait, two downloads, remove
stream   create, attach, start, put, run, two fetches, remove: with the agent, and with the loop in bash
waiting  put, run, two fetches in a sandbox that is there, and what the next run would need: a reset of the agent
"""

import http.client
import io
import json
import os
import pathlib
import socket
import statistics
import sys
import tarfile
import time

SOCKET = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
IMAGE = os.environ.get("JOYOI_TEST_IMAGE", "joyoi")
LOOP = pathlib.Path(__file__).parents[1] / "joyoi-core/src/main/resources/com/joyoi/management/sandbox/sandbox.sh"
COMMAND = "cat in > out && echo '{\"Outputs\": [\"out\"]}' > return.json"
API = "/v1.41"


class Connection(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("docker")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(SOCKET)


engine = Connection()


def call(method, path, body=None, kind="application/json"):
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    engine.request(method, API + path, data, {"Content-Type": kind})
    response = engine.getresponse()
    content = response.read()
    if response.status >= 400:
        raise SystemExit(f"{method} {path}: {response.status} {content.decode()}")
    return content


def create(command, **more):
    limits = {
        "Memory": 256 << 20, "MemorySwap": 512 << 20, "PidsLimit": 512, "NetworkMode": "none", "CapDrop": ["ALL"],
        "CapAdd": ["SETUID", "SETGID", "KILL", "DAC_OVERRIDE", "FOWNER", "CHOWN"], "SecurityOpt": ["no-new-privileges"],
        "CpuPeriod": 1000000, "CpuQuota": 1000000, "LogConfig": {"Type": "none"}, **more.pop("HostConfig", {}),
    }
    body = {"Image": IMAGE, "Entrypoint": command[:1], "Cmd": command[1:], "WorkingDir": "/workdir", "HostConfig": limits, **more}
    return json.loads(call("POST", "/containers/create", body))["Id"]


def tar(prefix=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo(prefix + "in")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"text"))
    return out.getvalue()


def floor():
    container = create(["bash", "-c", "true"])
    call("POST", f"/containers/{container}/start")
    call("POST", f"/containers/{container}/wait")
    call("DELETE", f"/containers/{container}?force=1&v=1")


def archive():
    container = create(["bash", "-c", COMMAND])
    call("PUT", f"/containers/{container}/archive?path=/", tar("workdir/"), "application/x-tar")
    call("POST", f"/containers/{container}/start")
    call("POST", f"/containers/{container}/wait")
    for name in ("return.json", "out"):
        call("GET", f"/containers/{container}/archive?path=/workdir/{name}")
    call("DELETE", f"/containers/{container}?force=1&v=1")


class Sandbox:
    def __init__(self, *kind, reusable=False):
        places = {"ReadonlyRootfs": True, "IpcMode": "private", "Tmpfs": dict.fromkeys(("/workdir", "/tmp", "/var/tmp"), "rw,exec,size=64m,mode=1777")}
        self.container = create(
            ["bash", "-c", LOOP.read_text(), "joyoi-sandbox", "/workdir", *kind],
            OpenStdin=True, StdinOnce=True, AttachStdin=True, HostConfig=places if reusable else {},
        )
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(SOCKET)
        path = f"{API}/containers/{self.container}/attach?stream=1&stdin=1&stdout=1&stderr=1"
        self.socket.sendall(f"POST {path} HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n".encode())
        self.raw = self.socket.makefile("rb")
        while self.raw.readline() not in (b"\r\n", b""):
            pass
        self.output = b""
        call("POST", f"/containers/{self.container}/start")
        assert self.line().startswith("joyoi-sandbox ")
        self.ask(b"hello 1\n", "ok")

    def fill(self):
        header = self.raw.read(8)
        self.output += self.raw.read(int.from_bytes(header[4:], "big"))

    def line(self):
        while b"\n" not in self.output:
            self.fill()
        line, self.output = self.output.split(b"\n", 1)
        return line.decode()

    def ask(self, request, expected):
        self.socket.sendall(request)
        answer = self.line()
        assert answer.startswith(expected), answer
        return answer

    def serve(self):
        data, command = tar(), COMMAND.encode()
        self.ask(b"put %d\n" % len(data) + data, "ok")
        self.ask(b"run 60000 0 %d\n" % len(command) + command, "ran exitCode=0 ")
        for name in (b"return.json", b"out"):
            count = int(self.ask(b"fetch 0 262144 " + name + b"\n", "file ").split(" ")[2])
            while len(self.output) < count:
                self.fill()
            self.output = self.output[count:]
            assert self.line() == "ok"

    def remove(self):
        self.socket.close()
        call("DELETE", f"/containers/{self.container}?force=1&v=1")


def stream(*kind):
    sandbox = Sandbox(*kind)
    sandbox.serve()
    sandbox.remove()


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    waiting = Sandbox(reusable=True)
    waiting_loop = Sandbox("shell")
    rows = {
        "floor": floor,
        "archive": archive,
        "stream, agent": stream,
        "stream, loop": lambda: stream("shell"),
        "waiting, agent": waiting.serve,
        "waiting, agent's reset": lambda: waiting.ask(b"reset\n", "clean"),
        "waiting, loop": waiting_loop.serve,
    }
    times = {name: [] for name in rows}
    for index in range(rounds + 1):
        for name, row in rows.items():
            began = time.perf_counter()
            row()
            # The first round warms caches.
            if index > 0:
                times[name].append((time.perf_counter() - began) * 1000)
    for sandbox in (waiting, waiting_loop):
        sandbox.remove()
    print(f"{'row':24}{'median':>8}{'least':>8}{'most':>8}{'/ floor':>9}   ms, {rounds} rounds, image {IMAGE}")
    base = statistics.median(times["floor"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:24}{median:8.1f}{min(values):8.1f}{max(values):8.1f}{median / base:9.3f}")


if __name__ == "__main__":
    main()
