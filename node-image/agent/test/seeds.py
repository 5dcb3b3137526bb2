"""Writes conversations that a fuzzer can start from: seeds.py FOLDER."""

import hashlib
import io
import pathlib
import sys
import tarfile


def tar(entries, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content, kind in entries:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.mode = kind, len(content), 0o644
            info.linkname = "x" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def put(data):
    return b"put %d\n" % len(data) + data


FILE, FOLDER = tarfile.REGTYPE, tarfile.DIRTYPE
content = b"some content"
digest = hashlib.sha256(content).hexdigest().encode()
seeds = {
    "put": put(tar([("d", b"", FOLDER), ("d/f", content, FILE)])) + b"fetch 0 100 d/f\nfetch 3 4 d/f\nfetch 0 9 d\n",
    "long": put(tar([("x" * 200, content, FILE), ("ü/" + "y" * 120, b"", FILE), ("ü", b"", FOLDER)])),
    "ustar": put(tar([("a" * 90 + "/" + "b" * 60, content, FILE)], tarfile.USTAR_FORMAT)),
    "links": put(tar([("s", b"", tarfile.SYMTYPE), ("h", b"", tarfile.LNKTYPE), ("p", b"", tarfile.FIFOTYPE)])),
    "outside": put(tar([("../x", content, FILE), ("/tmp/x", content, FILE), ("a/../../x", content, FILE)])),
    "cache": b"store %s %d\n" % (digest, len(content)) + content + b"place %s 644 f\nfetch 0 100 f\n" % digest,
    "hello": b"hello 1 idleMs=60000 later=x emptyMs=5 cacheBytes=0\nput 0\nend\nput 0\n",
    "run": b"run 1000 2 4\nA=1\nB=2\ntruereset\nfetch 0 1 no\n",
}
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name, seed in seeds.items():
    (folder / name).write_bytes(seed)
