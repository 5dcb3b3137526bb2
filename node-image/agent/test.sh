#!/usr/bin/env bash
# Tests the agent as it stands in an image, and the shell loop in the same image, in containers restricted as sandboxes are; and fuzzes the
# agent's parsers for a moment (fuzz.sh does it for longer). Needs python3, clang with libFuzzer, and docker.
# Usage: test.sh [IMAGE]     (IMAGE is joyoi unless given; the engine is that of DOCKER_HOST)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

./fuzz.sh
export SANDBOX_IMAGE=${1:-joyoi} PYTHONDONTWRITEBYTECODE=1
cd test
exec python3 -m unittest contract attacks
