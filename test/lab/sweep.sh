#!/bin/sh
# Removes what a dead lab leaves: sweep.sh CGROUP DIR. Its logs stay until the next lab starts.
for try in $(seq 100); do
  # Version 2 has one hierarchy, version 1 one folder for each.
  left=$(find /sys/fs/cgroup -mindepth 1 -maxdepth 2 -type d -name "$1")
  [ -n "$left" ] || break
  # A folder is busy until the last dead process in it has been reaped.
  [ "$try" = 1 ] || sleep 0.1
  find $left -depth -type d -exec rmdir {} + 2>/dev/null
done
if [ -d "$2" ]; then
  find "$2" -mindepth 1 -maxdepth 1 ! -name logs ! -name lab.json -exec rm -rf {} +
fi
