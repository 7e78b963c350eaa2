import { closeSync, openSync, writeSync } from 'node:fs'

const BUFFERED = 256 * 1024

/** A text file that is written in pieces. */
export interface TextFile {
  /** Adds plain ASCII; returns its bytes. */
  add(text: string): number
  close(): void
}

export function openText(path: string): TextFile {
  const file = openSync(path, 'w')
  let parts: string[] = []
  let held = 0
  const flush = (): void => {
    writeSync(file, parts.join(''))
    parts = []
    held = 0
  }
  return {
    add(text) {
      parts.push(text)
      held += text.length
      if (held >= BUFFERED) flush()
      return text.length
    },
    close() {
      flush()
      closeSync(file)
    },
  }
}

/** Writes a whole file; returns its bytes. */
export function writeText(path: string, parts: Iterable<string>): number {
  const file = openText(path)
  let bytes = 0
  for (const part of parts) bytes += file.add(part)
  file.close()
  return bytes
}
