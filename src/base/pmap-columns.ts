/**
 * The heading of pmap -x, or of -X with `fields`. Its first word is in the language of the machine; the columns behind it take less room than
 * this.
 */
export const PMAP_COLUMNS =
  /^\s*\S+\s.{0,256}\b(?:Kbytes\s+(?:RSS|Mode)|(?<fields>Size\s.{0,256}\bRss\s+Pss\b))/
