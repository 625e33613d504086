#!/bin/sh
# The first thing in a lab's namespaces. Its end is the end of the lab.
set -e
# The kubelet, containerd and CNI keep sockets and logs at fixed places; each lab has its own of them.
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /var/log
mkdir -p /run/lock
# Containers must see mounts that the kubelet makes later. The holder made all mounts private before, so nothing gets out.
mount --make-rshared /
ip link set lo up
echo ready
# The end of the input means that the owner is gone; a line means that the lab is to stay without it.
read -r stay || exit 0
exec sleep infinity <&- >&- 2>&-
