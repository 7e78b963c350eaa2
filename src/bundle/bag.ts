/** The fixed parts of a BagIt bag (RFC 8493): what its files say. */

export const BAGIT_TXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'
export const EVIDENCE_FOLDER = 'data/evidence/'
export const REPORT_JSON = 'data/report.json'
export const README = 'data/README.txt'
export const REDACTION_REPORT = 'data/redaction-report.json'
export const MANIFEST = 'manifest-sha256.txt'
export const TAG_MANIFEST = 'tagmanifest-sha256.txt'
export const BAG_INFO = 'bag-info.txt'
export const BAGIT = 'bagit.txt'
/** Label of an option of the run in bag-info.txt. */
export const BAG_OPTION = 'Memdossier-Option-'

/** One line a file, in path order, as `sha256sum -c` reads it. */
export function manifestText(hashes: ReadonlyMap<string, string>): string {
  return [...hashes]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([path, hash]) => `${hash}  ${encodePath(path)}\n`)
    .join('')
}

/** Path by hash, or the first line that is none. */
export function parseManifest(text: string): Map<string, string> | { readonly badLine: number } {
  const hashes = new Map<string, string>()
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  for (const [index, line] of lines.entries()) {
    const match = /^([0-9a-f]{64}) {2}(\S.*)$/.exec(line)
    const path = match ? decodePath(match[2]!) : ''
    if (!match || hashes.has(path)) return { badLine: index + 1 }
    hashes.set(path, match[1]!)
  }
  return hashes
}

/** RFC 8493 section 2.1.3: CR, LF and % in a path are written as %0D, %0A, %25. */
const encodePath = (path: string): string => path.replace(/[%\r\n]/g, (sign) => ENCODED[sign]!)
const decodePath = (path: string): string =>
  path.replace(/%(?:25|0D|0A)/gi, (code) => DECODED[code.toUpperCase()]!)
const ENCODED: Readonly<Record<string, string>> = { '%': '%25', '\r': '%0D', '\n': '%0A' }
const DECODED: Readonly<Record<string, string>> = { '%25': '%', '%0D': '\r', '%0A': '\n' }

/** What verify needs to repeat the analysis beside the evidence itself. */
export interface BagInfo {
  readonly captureName: string
  readonly toolVersion: string
  readonly payloadBytes: number
  readonly payloadFiles: number
  /** Day of the newest stamp. */
  readonly date: string
  /** The options that decide what the report says. */
  readonly options: Readonly<Record<string, string>>
}

export function bagInfoText(info: BagInfo): string {
  const rows = [
    ['Bag-Software-Agent', `memdossier ${info.toolVersion}`],
    ['Bagging-Date', info.date],
    ['External-Identifier', info.captureName],
    ['Payload-Oxum', `${info.payloadBytes}.${info.payloadFiles}`],
    ...Object.entries(info.options)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [BAG_OPTION + name, value]),
  ]
  return rows.map(([label, value]) => `${label}: ${encodePath(value!)}\n`).join('')
}

export function parseBagInfo(text: string): Map<string, string> {
  const rows = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(': ')
    if (colon > 0) rows.set(line.slice(0, colon), decodePath(line.slice(colon + 2)))
  }
  return rows
}
