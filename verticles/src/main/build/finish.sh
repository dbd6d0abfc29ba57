#!/bin/sh
# Last step of packaging: finish.sh APP_FOLDER on|off. Marks the application as built and trains its AOT cache by running
# the demo with the very options of a real start; without a cache everything works, only slower to start.
set -eu
app=$1
touch "$app/built"
rm -f "$app/serial.aot"
[ "$2" = on ] || exit 0
home=$(CDPATH='' cd -- "$app/../../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! MESETA_TRAINING=1 "$home/bin/meseta" local --port=0 --demo --exit --work_dir="$work/state" >"$work/log" 2>&1; then
  cat "$work/log" >&2
  echo "meseta: the training run failed" >&2
  exit 1
fi
[ -f "$app/serial.aot" ] || echo "meseta: no AOT cache was made; starts will be slower" >&2
