/** What desktops, downloads and `cp --backup` put around the name of a file when they copy it. */
const COPY_MARKS: readonly RegExp[] = [
  /^Copy of /,
  /\.~\d+~$/,
  /~\d*$/,
  /\.(?:bak|backup|old|orig|save|copy)$/i,
  /(?: - Copy| copy(?: \d+)?)(?=\.|$)/,
  / ?\(\d+\)(?=\.|$)/,
]

/** NAME_MAX of the kernel: a longer name stands in archives alone, where nothing that copies files has put it. */
const LONGEST_NAME = 255

/** The name of what a file is a copy of by its name, as in `nscd.1085.bak` and `smaps_1085_202611221942 (1)`; else its own. */
export function uncopiedName(name: string): string {
  if (name.length > LONGEST_NAME || Buffer.byteLength(name) > LONGEST_NAME) return name
  return COPY_MARKS.reduce((rest, mark) => rest.replace(mark, ''), withoutHashes(name))
}

/** `#NAME#` is what Emacs saves by itself. */
const withoutHashes = (name: string): string =>
  name.length > 1 && name.startsWith('#') && name.endsWith('#') ? name.slice(1, -1) : name
