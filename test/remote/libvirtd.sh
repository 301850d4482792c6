#!/bin/sh
# Runs libvirtd with its whole state below a folder, in namespaces of its own:
#
#   unshare --mount --pid --fork --kill-child --mount-proc sh libvirtd.sh FOLDER [ARGUMENT ...]
#
# FOLDER/libvirtd.conf is its configuration, FOLDER/etc becomes /etc/libvirt.
set -e
folder=$1
shift
mount --make-rprivate /
for path in /run /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
  mkdir -p "$path"
  mount -t tmpfs tmpfs "$path"
done
mount --bind "$folder/etc" /etc/libvirt
[ ! -e "$folder/sasl2" ] || mount --bind "$folder/sasl2" /etc/sasl2
mkdir -p /run/libvirt /run/lock
# A network of its own is seen in a /sys of its own.
if [ -n "$OWN_NETWORK" ]; then
  mount -t sysfs sysfs /sys
  ip link set lo up
fi
# What a daemon sets for the whole host, it sets for itself here.
if [ -d /sys/kernel/mm/ksm ]; then
  mount -t tmpfs tmpfs /sys/kernel/mm/ksm
  for name in run pages_to_scan sleep_millisecs merge_across_nodes pages_shared pages_sharing pages_unshared \
    pages_volatile full_scans; do
    echo 0 >"/sys/kernel/mm/ksm/$name"
  done
fi
virtlogd -d </dev/null || true
# This shell inherits orphans, which libvirtd waits to see gone: it must not be libvirtd itself.
libvirtd -f "$folder/libvirtd.conf" -p "$folder/libvirtd.pid" "$@" </dev/null 2>"$folder/stderr" &
child=$!
echo $child >"$folder/child"
# Whoever started this holds the other end of its input: when that has gone, nobody needs the daemon any more.
exec 3<&0
(cat <&3 >/dev/null; kill -9 $child) &
wait $child
