#!/bin/sh
# Makes the whole file system of the image: image-root.sh NODE BUNDLE FOLDER
set -eu
node=$1 bundle=$2 root=$3

put() {
  mkdir -p "$root$(dirname "$2")"
  cp -L "$1" "$root$2"
}

put "$node" /usr/local/bin/node
put "$bundle" /opt/countersign/countersign-runner.js
loaded=$(ldd "$node")
for library in $(echo "$loaded" | grep -o '/[^ ]*'); do
  put "$library" "$library"
done
mkdir -p "$root/etc/countersign" "$root/run/secrets" "$root/proc"
# Names are looked up in the container's hosts file first.
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
