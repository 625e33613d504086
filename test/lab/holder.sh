#!/bin/sh
# Holds one lab: holder.sh CGROUP DIR
# Every process of the lab lives in the PID namespace made here. When its first process dies, the kernel kills all
# others, and mounts and network go with the last of them; cgroups and files are left to sweep.sh.
here=$(dirname "$0")
exec 3<&0
trap 'kill -KILL "$lab"' TERM
# pdeathsig: a killed holder takes the lab with it.
setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc \
  tini -- sh "$here/inside.sh" <&3 &
lab=$!
exec 3<&-
wait "$lab"
# A signal ends the first wait; the second one waits for the end of the lab.
wait "$lab"
exec sh "$here/sweep.sh" "$1" "$2"
