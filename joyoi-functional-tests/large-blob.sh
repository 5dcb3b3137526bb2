#!/usr/bin/env bash
# Puts a raw blob of 2 GB into a service with a heap of 256 MB and an embedded database, gets it back and compares; and
# one of 760 MB, which is a GB in base64, within JSON.
# Needs joyoi-webapi/target/joyoi.jar (mvn package), Java 21 or newer (JAVA=…/bin/java), curl, and 9 GB of disk. Usage: large-blob.sh [MEGABYTES]
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
megabytes=${1:-2048}
work=$(mktemp -d)
service=
cleanup() {
  [[ -z $service ]] || kill "$service" 2>/dev/null || true
  [[ -z $service ]] || wait "$service" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

cat >"$work/appsettings.json" <<'JSON'
{"Http": {"Port": 0}, "JoyOIManagement": {"DataDir": "data"}}
JSON
"${JAVA:-java}" -Xmx256m -jar "$root/joyoi-webapi/target/joyoi.jar" serve --config "$work/appsettings.json" \
  >"$work/out" 2>"$work/err" &
service=$!
until address=$(grep -o 'http://[0-9.:]*' "$work/out"); do
  kill -0 "$service" || { cat "$work/out" "$work/err"; exit 1; }
  sleep 1
done

# Random, so that compression can't make it small.
head -c "${megabytes}M" /dev/urandom >"$work/sent"
digest=$(sha256sum <"$work/sent" | cut -d' ' -f1)
id_of() { grep -oE '"id":"[0-9a-f-]{36}"' <<<"$1" | cut -d'"' -f4; }
same() { [[ $1 == "$2" ]] || { echo "what came back is different" >&2; exit 1; }; }

seconds=$SECONDS
answer=$(curl --silent --show-error --fail-with-body -T "$work/sent" "$address/api/v1/Blob/Raw")
echo "put: $((SECONDS - seconds)) s"
[[ $answer == *"\"sha256\":\"$digest\""* ]] || { echo "wrong answer: $answer" >&2; exit 1; }

seconds=$SECONDS
same "$(curl --silent --show-error --fail "$address/api/v1/Blob/$(id_of "$answer")/Raw" | sha256sum | cut -d' ' -f1)" "$digest"
echo "get: $((SECONDS - seconds)) s"

((megabytes <= 760)) || megabytes=760
truncate -s "${megabytes}M" "$work/sent"
digest=$(sha256sum <"$work/sent" | cut -d' ' -f1)
seconds=$SECONDS
answer=$({ printf '{"body":"'; base64 -w 0 "$work/sent"; printf '","remark":"large"}'; } |
  curl --silent --show-error --fail-with-body -H 'Content-Type: application/json' -T - "$address/api/v1/Blob")
echo "put $megabytes MB in JSON: $((SECONDS - seconds)) s"
rm "$work/sent"

seconds=$SECONDS
blob=$address/api/v1/Blob/$(id_of "$answer")
head=$(curl --silent "$blob" | head -c 2000 || true)
head=${head%%\"body\":\"*}
same "$(curl --silent --show-error --fail "$blob" | tail -c +$((${#head} + 9)) | head -c -3 | base64 -d | sha256sum | cut -d' ' -f1)" "$digest"
echo "get $megabytes MB in JSON: $((SECONDS - seconds)) s"
grep VmHWM "/proc/$service/status"
