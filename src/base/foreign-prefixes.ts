/** Build servers, containers: "2024-05-01T10:00:00.1234567Z ", "[2024-05-01 10:00:00] " */
const TIME = /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]? +/

/**
 * What mail, containers, build servers and editors put in front of a line, each at most once and in this order. Not
 * strace's own, nor any kernel's.
 */
export const FOREIGN_PREFIXES: readonly RegExp[] = [
  // Mail: "> ", ">>> "
  /^(?:>+ ?)+/,
  // docker build: "#5 0.491 "
  /^#\d+ \d+\.\d+ /,
  TIME,
  // Containers' own log files, behind the time: "stderr F "
  /^(?:stdout|stderr) [FP] /,
  // journalctl -o short-iso, behind the time: "host strace[123]: "
  /^[\w.-]{1,64} [\w.@:-]{1,64}\[\d+\]: /,
  // docker compose, kubectl --prefix: "app_1  | ", "[pod/app-1/main] "
  /^[\w./-]{1,64} *\| ?/,
  /^\[[\w./-]*\/[\w./-]*\] /,
  // The time again, which docker compose and kubectl put behind theirs
  TIME,
  // syslog, journalctl -o short-precise: "May  1 10:00:00 host strace[123]: "
  /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ \S+: /,
  // Editors and numbered listings: "  12\t", "12: "
  /^ *\d+(?:\t|: ?|\|)/,
]
