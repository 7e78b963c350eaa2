/** What editors, desktops, downloads and `cp --backup` put around the name of a file when they copy it. */
const COPY_MARKS: readonly RegExp[] = [
  /^#(?=.*#$)|(?<=^#.*)#$/gs,
  /^Copy of /,
  /\.~\d+~$/,
  /~\d*$/,
  /\.(?:bak|backup|old|orig|save|copy)$/i,
  /(?: - Copy| copy(?: \d+)?)(?=\.|$)/,
  / ?\(\d+\)(?=\.|$)/,
]

/** The name of what a file is a copy of by its name, as in `nscd.1085.bak` and `smaps_1085_202611221942 (1)`; else its own. */
export const uncopiedName = (name: string): string =>
  COPY_MARKS.reduce((rest, mark) => rest.replace(mark, ''), name)
