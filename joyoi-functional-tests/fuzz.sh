#!/usr/bin/env bash
# Sends COUNT (20000 when left out) requests made from the OpenAPI document to a service of its own.
#
#   fuzz.sh [COUNT [SEED]]        SEED repeats a run; a failed one prints its seed
#
# Needs neither Docker nor a database server.
set -euo pipefail

HERE=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
COUNT=${1:-20000}
SEED=${2:-}

if ! [[ $COUNT =~ ^[1-9][0-9]*$ && $SEED =~ ^-?[0-9]*$ ]]; then
  echo "usage: fuzz.sh [COUNT [SEED]], both whole numbers" >&2
  exit 2
fi
cd "$HERE/.."
exec mvn -q -pl joyoi-functional-tests -am test -Dtest=FuzzTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Djoyoi.fuzz.requests="$COUNT" ${SEED:+-Djoyoi.fuzz.seed="$SEED"}
