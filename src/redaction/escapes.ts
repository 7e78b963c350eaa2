/** strace's strings: C escapes, octal of one to three digits, `\x` with -x; bytes are latin1 characters here. */
const ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/gs
const NAMED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  v: '\v',
  f: '\f',
  a: '\x07',
  b: '\b',
}

/** The bytes behind a printed string. */
export function decodeString(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (_, hex?: string, octal?: string, other?: string) =>
    hex
      ? String.fromCharCode(Number.parseInt(hex, 16))
      : octal
        ? String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
        : (NAMED[other!] ?? other!),
  )
}

/** Prints bytes as strace does by default. */
function encodeString(bytes: string): string {
  return bytes.replace(/[\\"]|[^ -~]/g, (byte) =>
    byte === '\\' || byte === '"' ? `\\${byte}` : `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
}

/** Changes what a printed string means; as printed when nothing changed. */
export function changeString(printed: string, change: (bytes: string) => string): string {
  const bytes = decodeString(printed)
  const changed = change(bytes)
  return changed === bytes ? printed : encodeString(changed)
}

/** Bytes behind a printed string, without building it. */
export function stringLength(printed: string): number {
  if (!printed.includes('\\')) return printed.length
  return decodeString(printed).length
}
