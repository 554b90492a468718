#!/bin/sh
# Makes the file system of the image but for the store: image-root.sh NODE PLANE FOLDER
set -eu
node=$1 plane=$2 root=$3

put() {
  mkdir -p "$root$(dirname "$2")"
  cp -L "$1" "$root$2"
}

put "$node" /usr/local/bin/node
mkdir -p "$root/opt/countersign"
cp -R "$plane/." "$root/opt/countersign/"
for program in "$node" "$plane"/node_modules/@cloudflare/workerd-*/bin/workerd; do
  loaded=$(ldd "$program")
  for library in $(echo "$loaded" | grep -o '/[^ ]*'); do
    put "$library" "$library"
  done
done
mkdir -p "$root/etc/countersign" "$root/etc/ssl" "$root/run/secrets" "$root/proc"
# The authorities that Node trusts, for workerd, which asks the issuers for their keys.
"$node" --print "require('node:tls').rootCertificates.join('\n')" >"$root/etc/ssl/cert.pem"
# Names are looked up in the container's hosts file first.
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
