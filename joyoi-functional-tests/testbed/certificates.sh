# shellcheck shell=bash
# The bed's certificates come from the same command that sets up real nodes, plus two sets that must be refused:
# one of a foreign CA, and one of the right CA for another host name.

CERT_PASSWORD="joyoi-test"

make_certificates() {
  local joyoi=$HERE/../joyoi n
  echo "$CERT_PASSWORD" | write_file "$BED/run/password"
  {
    for n in 1 2 3; do
      "$joyoi" node certs --out "$BED/certs" --password-file "$BED/run/password" --host "docker-$n" --host localhost
    done
    "$joyoi" node certs --out "$BED/certs" --password-file "$BED/run/password" --host elsewhere
    "$joyoi" node certs --out "$BED/foreign" --password-file "$BED/run/password" --host docker-1 --host localhost
  } >"$BED/log/certificates.log" 2>&1 || bed_fail "certificates: $(tail -n 3 "$BED/log/certificates.log")"
  for folder in "$BED/certs/nodes/elsewhere" "$BED/foreign/nodes/docker-1"; do
    server_keystore "$folder"
  done
  cp "$BED/run/password" "$BED/certs/service/password"
  cp "$BED/run/password" "$BED/foreign/service/password"
  [[ -z ${SUDO_UID:-} ]] || chown -R "$SUDO_UID" "$BED/certs" "$BED/foreign"
}

# For a server that a test runs itself.
server_keystore() {
  openssl pkcs12 -export -name server -inkey "$1/server-key.pem" -in "$1/server-cert.pem" \
    -passout "file:$BED/run/password" -out "$1/server.pfx"
}
