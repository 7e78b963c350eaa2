#!/bin/bash
# capture-sample.sh mmap-leak|restart [OUTDIR]: build, start, feed, capture and stop one sample program.
# Needs gcc, python3 and strace with the right to attach (root). Takes about five minutes.
H=$(cd "$(dirname "$0")" && pwd); SAMPLE=$1; OUT=${2:-/tmp/memdossier-samples/$SAMPLE}; RUN=/tmp/memdossier-samples/run/$SAMPLE
case $SAMPLE in
mmap-leak) P=thumbd; ARGS=7102; CAPTURE="-i 5 -c 48 -s 60 -l 120"
  FEED="tcp=7102,4,60,500 fifo=$RUN/uploads.fifo,1,60,200 unix=$RUN/resize.sock,0.8,60,200";;
restart) P=quoted; ARGS=7111; CAPTURE="-i 5 -c 56 -s 170 -l 80"
  FEED="tcp=7111,4,60,500 udp=7112,20,60,300";;
*) echo "usage: $0 mmap-leak|restart [OUTDIR]" >&2; exit 2;;
esac
mkdir -p "$RUN" "$OUT"
gcc -O1 -g -fno-builtin-malloc -fno-builtin-free -pthread -o "$RUN/$P" "$H/$SAMPLE.c" || exit 1
start() { "$RUN/$P" "$RUN" $ARGS < /dev/null > /dev/null 2>> "$RUN/stderr" & PID=$!; }
start; sleep 1
python3 "$H/feeder.py" 100000 $FEED & FEEDER=$!
sleep 10
if [ "$SAMPLE" = restart ]; then
  "$H/capture.sh" -d "$OUT" -P "$P" $CAPTURE -o "$P" & CAPTURER=$!
  ( sleep 40; timeout -s INT 40 strace -tt -T -ff -p "$PID" -o "$OUT/strace/$P.early" 2> /dev/null ) &
  sleep 128; kill -9 "$PID"; sleep 14; start; wait "$CAPTURER"
else
  "$H/capture.sh" -d "$OUT" -p "$PID" $CAPTURE -o "$P"
fi
kill "$PID" "$FEEDER"; wait 2> /dev/null
echo "captured into $OUT"
