# shellcheck shell=bash
# joyoi node certs: a CA, a server certificate for a node, and a client certificate for the service.
#
#   DIR/ca.pem, ca-key.pem            the CA; the key stays where it was made
#   DIR/nodes/HOST/…                  what goes to the node HOST: ca.pem, server-cert.pem, server-key.pem, daemon.json
#   DIR/service/client.pfx, ca.pem    what goes beside the service's configuration
#
# Files appear complete or not at all: they are made in a folder of their own and moved into place.

CA_DAYS=3650
NODE_CERT_FOLDER=/etc/docker/joyoi

certs_usage() {
  cat <<'USAGE'
joyoi node certs --host NAME [--host ALIAS]... [--ip ADDR]... --out DIR
                 [--password-file FILE | --password P] [--legacy] [--days N] [--ca-days N]

  --host           name under which the service reaches the node; more of them are further names of it
  --ip             address that the server certificate is valid for as well (127.0.0.1 always is)
  --out            folder; the CA is made in it once, another --host adds a node under the same CA
  --password-file  first line: password of the service's client.pfx; without it and --password it is asked for.
                   --password shows the password to everyone who can list processes
  --legacy         makes a client.pfx that older programs can read (Windows before 10 and Server 2019, macOS, .NET and Java
                   of that time): encrypted with 3DES and checked with SHA-1, which is weaker, so guard the file as a key
  --days           validity of server and client certificates (825); --ca-days: of the CA (3650)
USAGE
}

cmd_node_certs() {
  local hosts=() ips=() out='' days=825 ca_days=$CA_DAYS password='' password_given=no legacy=no
  while (($# > 0)); do
    case $1 in
      --host | --ip | --out | --password | --password-file | --days | --ca-days)
        (($# > 1)) || usage_error "$1 needs a value"
        ;;&
      --host) hosts+=("$(checked_host "$2")") || exit 2 ;;
      --ip) ips+=("$(checked_ip "$2")") || exit 2 ;;
      --out) out=$2 ;;
      --password) password=$2 password_given=yes ;;
      --password-file)
        [[ -r $2 ]] || usage_error "--password-file $2: no such file, or not readable"
        IFS= read -r password <"$2" || [[ -n $password ]] || usage_error "--password-file $2: is empty"
        password_given=yes
        ;;
      --days) days=$(checked_days --days "$2") || exit 2 ;;
      --ca-days) ca_days=$(checked_days --ca-days "$2") || exit 2 ;;
      --legacy)
        legacy=yes
        shift
        continue
        ;;
      --help | -h)
        certs_usage
        return 0
        ;;
      *) usage_error "node certs: unknown argument $1" ;;
    esac
    shift 2
  done
  ((${#hosts[@]} > 0)) || usage_error "node certs: --host is missing"
  [[ -n $out ]] || usage_error "node certs: --out is missing"
  command -v openssl >/dev/null || die "openssl is missing: apt-get install openssl"

  umask 077
  mkdir -p "$out/nodes"
  [[ ! -e $out/nodes/${hosts[0]} ]] ||
    die "$out/nodes/${hosts[0]} exists: move it away to make a new certificate for that node"
  [[ -e $out/ca-key.pem || ! -e $out/service/client.pfx ]] ||
    die "$out has a client certificate but no ca-key.pem: nothing can be signed with the CA that made it"
  if [[ $password_given == no && ! -e $out/service/client.pfx ]]; then
    password=$(asked_password) || exit 1
  fi

  CERT_WORK=$(mktemp -d "$out/.new.XXXXXX")
  at_end remove_cert_work
  make_ca "$out" "$ca_days"
  make_client "$out" "$days" "$password" "$password_given" "$legacy"
  make_server "$out" "$days"
  explain_certs "$out" "${hosts[0]}"
}

remove_cert_work() { rm -rf "$CERT_WORK"; }

checked_host() {
  [[ ${#1} -le 253 && $1 =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] ||
    usage_error "--host '$1': a host name has letters, digits, dots and hyphens"
  printf '%s' "$1"
}

checked_ip() {
  [[ $1 =~ ^[0-9]{1,3}(\.[0-9]{1,3}){3}$ || ($1 == *:* && $1 =~ ^[0-9A-Fa-f:.]+$) ]] ||
    usage_error "--ip '$1': is no IPv4 or IPv6 address"
  printf '%s' "$1"
}

checked_days() {
  [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || usage_error "$1 '$2': is no number of days from 1 to 99999"
  printf '%s' "$2"
}

asked_password() {
  local first second
  [[ -t 0 ]] || die "no password for client.pfx: give --password-file FILE"
  read -r -s -p "Password for the service's client.pfx: " first && echo >&2
  read -r -s -p "The same again: " second && echo >&2
  [[ -n $first ]] || die "the password is empty"
  [[ $first == "$second" ]] || die "the two passwords differ"
  printf '%s' "$first"
}

openssl_quiet() {
  openssl "$@" 2>"$CERT_WORK/openssl.log" || {
    cat "$CERT_WORK/openssl.log" >&2
    die "openssl $1 failed"
  }
}

# P-256: quick to make, and every Docker engine and JVM in use knows it.
make_key() { openssl_quiet genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# sign OUT_DIR NAME SUBJECT DAYS EXTENSIONS: NAME-key.pem and NAME-cert.pem in CERT_WORK, signed by the CA.
sign() {
  local out=$1 name=$2 subject=$3 days=$4 extensions=$5
  make_key "$CERT_WORK/$name-key.pem"
  printf '%s\n' "$extensions" 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
    'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid' >"$CERT_WORK/$name.ext"
  openssl_quiet req -new -key "$CERT_WORK/$name-key.pem" -subj "$subject" -out "$CERT_WORK/$name.csr"
  openssl_quiet x509 -req -sha256 -days "$days" -in "$CERT_WORK/$name.csr" -extfile "$CERT_WORK/$name.ext" \
    -CA "$out/ca.pem" -CAkey "$out/ca-key.pem" -set_serial "0x$(openssl rand -hex 15)" \
    -out "$CERT_WORK/$name-cert.pem"
}

make_ca() {
  local out=$1 days=$2
  if [[ -e $out/ca-key.pem && -e $out/ca.pem ]]; then
    say "kept    $out/ca.pem"
    return 0
  fi
  [[ ! -e $out/ca.pem ]] || die "$out/ca.pem is there without its ca-key.pem: choose another --out"
  make_key "$CERT_WORK/ca-key.pem"
  openssl_quiet req -x509 -new -sha256 -key "$CERT_WORK/ca-key.pem" -days "$days" \
    -subj "/CN=JoyOI node CA $(openssl rand -hex 4)" \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -out "$CERT_WORK/ca.pem"
  chmod 644 "$CERT_WORK/ca.pem"
  # A key without its certificate is made anew, the other way round is refused: so the key goes first.
  mv "$CERT_WORK/ca-key.pem" "$out/ca-key.pem"
  mv "$CERT_WORK/ca.pem" "$out/ca.pem"
  say "made    $out/ca.pem"
}

# openssl reads the password from the environment: an argument could be seen by every user of the machine.
make_client() {
  local out=$1 days=$2 password=$3 password_given=$4 legacy=$5 form=()
  if [[ -e $out/service/client.pfx ]]; then
    if [[ $password_given == yes ]]; then
      JOYOI_PFX_PASSWORD=$password openssl pkcs12 -in "$out/service/client.pfx" -noout \
        -passin env:JOYOI_PFX_PASSWORD 2>/dev/null ||
        die "$out/service/client.pfx exists, with another password than the one given"
    fi
    if [[ $legacy == yes ]] && ! is_legacy "$out/service/client.pfx"; then
      die "$out/service/client.pfx exists, and not in the older form: move $out/service away to make a new one"
    fi
    say "kept    $out/service/client.pfx"
    return 0
  fi
  # No RC2: OpenSSL 3 has it in a provider of its own, and 3DES is read by all that read RC2.
  [[ $legacy == no ]] || form=(-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1)
  mkdir "$CERT_WORK/service"
  sign "$out" client '/CN=joyoi-service' "$days" 'extendedKeyUsage=clientAuth'
  JOYOI_PFX_PASSWORD=$password openssl_quiet pkcs12 -export -name joyoi-service -passout env:JOYOI_PFX_PASSWORD \
    "${form[@]}" -inkey "$CERT_WORK/client-key.pem" -in "$CERT_WORK/client-cert.pem" -out "$CERT_WORK/service/client.pfx"
  cp "$out/ca.pem" "$CERT_WORK/service/ca.pem"
  mv "$CERT_WORK/service" "$out/service"
  say "made    $out/service/client.pfx"
}

# Only the last part of the file, its checksum, can be read without the password.
is_legacy() { openssl asn1parse -inform DER -in "$1" 2>/dev/null | grep -q ':sha1$'; }

# Takes the names from the caller's hosts and ips.
make_server() {
  local out=$1 days=$2 folder name san='IP:127.0.0.1'
  for name in "${hosts[@]}"; do san+=",DNS:$name"; done
  for name in "${ips[@]}"; do [[ $name == 127.0.0.1 ]] || san+=",IP:$name"; done
  folder=$CERT_WORK/node
  mkdir "$folder"
  sign "$out" server "/CN=${hosts[0]:0:64}" "$days" "extendedKeyUsage=serverAuth
subjectAltName=$san"
  chmod 644 "$CERT_WORK/server-cert.pem"
  mv "$CERT_WORK/server-cert.pem" "$CERT_WORK/server-key.pem" "$folder"
  cp "$out/ca.pem" "$folder/ca.pem"
  node_daemon_json >"$folder/daemon.json"
  mv "$folder" "$out/nodes/${hosts[0]}"
  say "made    $out/nodes/${hosts[0]}/"
}

node_daemon_json() {
  cat <<JSON
{
  "tlsverify": true,
  "tlscacert": "$NODE_CERT_FOLDER/ca.pem",
  "tlscert": "$NODE_CERT_FOLDER/server-cert.pem",
  "tlskey": "$NODE_CERT_FOLDER/server-key.pem",
  "hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2376"]
}
JSON
}

explain_certs() {
  cat <<TEXT

To the node $2 (as root there):
  $1/nodes/$2/{ca.pem,server-cert.pem,server-key.pem}  ->  $NODE_CERT_FOLDER/
  $1/nodes/$2/daemon.json                              ->  /etc/docker/daemon.json (merge it by hand with one that exists)
$(node_daemon_json | sed 's/^/    /')
  With systemd, take "-H fd://" out of the unit, then restart Docker: see docs/nodes.md.
To the service:
  $1/service/{client.pfx,ca.pem}  ->  a folder beside appsettings.json, and in it:
    "$2": { "Image": "joyoi", "Address": "https://$2:2376",
      "ClientCertificatePath": "ClientCerts/client.pfx", "ClientCertificatePassword": "<the password>" }
$1/ca-key.pem signs certificates that nodes and service trust: keep it off both.
TEXT
}
