# shellcheck shell=bash
# The jar and the image. Both carry a hash of what they are made of, so that a second run builds nothing.

IMAGE=joyoi

# One launcher builds at a time; the others find the result.
lock_build() {
  mkdir -p "$STATE"
  exec {BUILD_LOCK}>"$STATE/build.lock"
  flock -n "$BUILD_LOCK" && return 0
  say "… another launcher builds; waiting for it"
  flock "$BUILD_LOCK"
}

unlock_build() { exec {BUILD_LOCK}>&-; }

hash_of_files() { (cd "$ROOT" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16); }

jar_sources_hash() {
  local module paths=(pom.xml)
  for module in joyoi-model joyoi-core joyoi-webapi; do
    paths+=("$module/pom.xml" "$module/src/main")
  done
  hash_of_files "${paths[@]}"
}

# Formatting and tests are the business of `mvn verify`.
build_jar() {
  with_maven_java mvn -B -ntp -f "$ROOT/pom.xml" -pl joyoi-webapi -am package -Dmaven.test.skip=true -Dspotless.check.skip=true
}

# Leaves the jar's path in JAR. It is a copy, so that a later build does not change it under a running service.
ensure_jar() {
  local folder=$STATE/jar
  JAR=$folder/joyoi-$(jar_sources_hash).jar
  [[ ! -e $JAR ]] || return 0
  ensure_maven
  lock_build
  if [[ ! -e $JAR ]]; then
    step "build the jar" build_jar
    mkdir -p "$folder"
    rm -f "$folder"/*
    cp "$ROOT/joyoi-webapi/target/joyoi.jar" "$JAR.new"
    mv "$JAR.new" "$JAR"
  fi
  unlock_build
}

# The engine that the service's default node is on, whatever this shell is set to.
local_engine() { env -u DOCKER_CONTEXT DOCKER_HOST="unix://$ENGINE_SOCKET" "$@"; }

# What node-image/build.sh makes depends on these and on its arguments; documents, tests and what a local make left
# behind would only cause builds for nothing.
image_hash() {
  local files
  files=$(hash_of_files node-image -not -path '*/build/*' -not -name test.sh -not -name '*.md')
  printf '%s-%s' "$files" "$1"
}

ensure_image() {
  ensure_image_tools
  lock_build
  step "build the node image" local_engine "$ROOT/node-image/build.sh" --tag "$IMAGE"
  unlock_build
}

cmd_node_image() {
  local tag=$IMAGE languages=() hosts=() host
  while (($# > 0)); do
    case $1 in
      --tag | --languages | --to) (($# > 1)) || usage_error "node image: $1 needs a value" ;;&
      --tag) tag=$2 ;;
      --languages) languages=(--languages "$2") ;;
      --to) hosts+=("$2") ;;
      *) usage_error "node image: unknown argument $1" ;;
    esac
    shift 2
  done
  open_log "$STATE/logs/image.log"
  ensure_engine
  ensure_image_tools
  lock_build
  step "build the image $tag" local_engine "$ROOT/node-image/build.sh" --tag "$tag" "${languages[@]}"
  unlock_build
  for host in "${hosts[@]}"; do
    step "load $tag on $host" send_image "$tag" "$host"
  done
}

# By ssh, as whoever may use Docker there.
send_image() { local_engine docker save "$1" | gzip -1 | ssh -o BatchMode=yes -- "$2" 'gunzip | docker load'; }
