#!/bin/sh
# libvirt-dbus on a bus of its own, with a daemon's sockets where it looks for them:
#
#   unshare --mount --pid --fork --kill-child --mount-proc sh cockpit.sh FOLDER-OF-SOCKETS FOLDER SCRIPT
set -e
sockets=$1 folder=$2 script=$3
mount --make-rprivate /
mkdir "$folder/libvirt" "$folder/services"
mount --bind "$sockets" "$folder/libvirt"
mount -t tmpfs tmpfs /run
mkdir /run/libvirt
mount --bind "$folder/libvirt" /run/libvirt
cat >"$folder/bus.conf" <<CONF
<busconfig>
  <type>session</type>
  <listen>unix:path=$folder/bus</listen>
  <servicedir>$folder/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONF
cat >"$folder/services/org.libvirt.service" <<SERVICE
[D-BUS Service]
Name=org.libvirt
Exec=/usr/sbin/libvirt-dbus --session
SERVICE
# The bus tells its address when clients can connect.
DBUS_SESSION_BUS_ADDRESS=$(dbus-daemon --config-file="$folder/bus.conf" --fork --print-address 2>/dev/null)
export DBUS_SESSION_BUS_ADDRESS
exec /usr/bin/python3 "$script"
