# What each thread mapped, released and moved, its largest sum alive, and how often and how long each call was made: what
# an engineer writes on the spot for the files of strace -ff -tt -T.
FNR == 1 { thread = FILENAME; sub(/.*\./, "", thread) }
{
  bracket = index($2, "(")
  took = $NF
  if (bracket < 2 || substr(took, 1, 1) != "<") next
  name = substr($2, 1, bracket - 1)
  calls[name]++
  seconds[name] += substr(took, 2, length(took) - 2)
  lines[thread]++
}
name == "mmap" {
  if (/= -1 /) failed[thread]++
  else {
    maps[thread]++
    mapped[thread] += $3
    if (/MAP_ANONYMOUS/) anonymous[thread] += $3
    if (mapped[thread] - released[thread] > peak[thread]) peak[thread] = mapped[thread] - released[thread]
  }
}
name == "munmap" {
  if (/= -1 /) failed[thread]++
  else {
    releases[thread]++
    released[thread] += $3
  }
}
name == "mremap" { moves[thread]++; grown[thread] += $4 - $3 }
name == "madvise" && /MADV_(DONTNEED|FREE)/ { advised[thread] += $3 }
name == "brk" {
  breaks[thread]++
  for (field = 3; field < NF; field++) if ($field == "=") { last[thread] = $(field + 1); break }
  if (first[thread] == "") first[thread] = last[thread]
}
END {
  for (thread in lines)
    print thread, maps[thread] + 0, mapped[thread] + 0, anonymous[thread] + 0, releases[thread] + 0, released[thread] + 0, \
      peak[thread] + 0, moves[thread] + 0, grown[thread] + 0, advised[thread] + 0, breaks[thread] + 0, first[thread], last[thread], failed[thread] + 0
  for (name in calls) print name, calls[name], seconds[name] | "sort -k3 -nr"
}
