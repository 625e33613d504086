#!/bin/busybox sh
# The entry of the lab's Coordinator image. An enclave seals its key so that only the same CPU can read it; this
# build keeps it in plain. So /cpu, which differs in each node's image, plays the CPU: a key that was sealed on
# another one is put out of reach, and comes back when the Coordinator comes back to its CPU before anyone sealed anew.
cpu=$(/bin/busybox cat /cpu)
dir=${EDG_COORDINATOR_SEAL_DIR:-$PWD/marblerun-coordinator-data}
/bin/busybox mkdir -p "$dir"
last=$(/bin/busybox cat "$dir/cpu" 2>/dev/null)
if [ "$last" != "$cpu" ]; then
  if [ -n "$last" ] && [ -e "$dir/sealed_key" ]; then
    /bin/busybox rm -f "$dir"/sealed_key.of-*
    /bin/busybox mv "$dir/sealed_key" "$dir/sealed_key.of-$last"
  fi
  if [ -e "$dir/sealed_key.of-$cpu" ]; then
    /bin/busybox mv "$dir/sealed_key.of-$cpu" "$dir/sealed_key"
  fi
  echo "$cpu" >"$dir/cpu"
fi
# What an enclave's launcher hands on to a Coordinator that shares its state: where the API server is.
export EDG_KUBERNETES_SERVICE_HOST="$KUBERNETES_SERVICE_HOST" EDG_KUBERNETES_SERVICE_PORT="$KUBERNETES_SERVICE_PORT"
exec /bin/coordinator "$@"
