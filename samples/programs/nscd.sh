#!/bin/bash
# nscd.sh CAPTUREDIR MINUTES: a real nscd at the cron rate.
# Runs nscd, its clients and a small DNS server in private mount and network
# namespaces, so that an nscd that is already running is left alone.
if [ -z "$IN_NS" ]; then IN_NS=1 exec unshare -m -n --propagation private "$0" "$@"; fi
HERE=$(cd "$(dirname "$0")" && pwd); CASE=$1; MIN=$2; R=/tmp/memdossier-samples/run/nscd; mkdir -p $R "$CASE"
ip link set lo up
mount -t tmpfs none /run/nscd; mkdir -p $R/db; mount --bind $R/db /var/cache/nscd
{ echo "127.0.0.1 localhost"; for i in $(seq 200); do echo "10.1.$((i / 250)).$((i % 250)) node$i.example.lan node$i"; done; } > $R/hosts
echo "nameserver 127.0.0.1" > $R/resolv.conf
mount --bind $R/hosts /etc/hosts; mount --bind $R/resolv.conf /etc/resolv.conf
cd /
python3 "$HERE/dnsfake.py" & DNS=$!
nscd -F & PID=$!
sleep 2
load() {   # about 6 look-ups a second: known hosts, new hosts, misses, users, groups, services
  local n=0
  while kill -0 $PID 2>/dev/null; do
    n=$((n + 1))
    case $((RANDOM % 8)) in
      0|1|2) getent ahosts www$((RANDOM % 4000)).example.net;; 3) getent hosts node$((RANDOM % 200 + 1));; 4) getent hosts nx$RANDOM.example.org;;
      5) getent passwd $((RANDOM % 40));; 6) getent group $((RANDOM % 60));; 7) getent passwd u$RANDOM;; esac >/dev/null
    sleep 0.16
  done; }
load & LOAD=$!
EV=$CASE/events.log
( sleep 360; echo "strace_c_from $(date +%s) -c -f" >> $EV
  timeout -s INT 60 strace -c -f -p $PID -o "$CASE/evidence/strace/nscd.summary.txt" 2>/dev/null
  echo "strace_c_to $(date +%s)" >> $EV
  sleep 120; echo "strace_f_from $(date +%s) -tt -T -f single file" >> $EV
  timeout -s INT 25 strace -tt -T -f -p $PID -o "$CASE/evidence/strace/nscd.all" 2>/dev/null
  echo "strace_f_to $(date +%s)" >> $EV ) &
"$HERE/capture.sh" -a -d "$CASE/evidence" -p $PID -i 60 -c $MIN -f %Y%m%d%H%M -s 150 -l 100 -o nscd -e "$EV"
echo "pid $PID" >> $EV
ls -la $R/db > "$CASE/db_files.txt"
kill $PID $LOAD $DNS; wait
