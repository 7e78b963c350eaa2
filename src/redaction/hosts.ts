import type { Keeper } from './keeper.ts'

const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:\.\d{1,3}){0,3}(?![\w:])/gi
/** The hardware address of a network card, which is one machine's. */
const MAC = /(?<![\w:.])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi
const TOP_DOMAINS =
  'com|net|org|edu|gov|mil|int|info|biz|io|dev|app|cloud|local|lan|internal|intranet|corp|home|example|test|invalid|arpa|[a-z]{2}'
const HOST = new RegExp(
  String.raw`(?<![\w./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:${TOP_DOMAINS})(?![\w/-]|\.[a-z])`,
  'gi',
)
/** Names of files that look like host names: `libc.so`, `main.py`. */
const FILE_LIKE =
  /\.(?:so|py|sh|js|ts|rb|pl|md|cc|rs|pm|ko|gz|xz|db|pc|la|ps|mo|po|am|in|ac|mk|tz|hs|cs|vb)$/i

/** Ranges that name no machine on the Internet. */
const PRIVATE_V4 =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|2[2-5]\d)\./
const PRIVATE_V6 = /^(?:::1?|fe[89ab].*|f[cd].*|ff.*|::ffff:(?:0|10|127|192\.168)\..*)$/i

/** Whether the address belongs to one machine on the Internet. */
export function isPublic(address: string): boolean {
  return address.includes(':') ? !PRIVATE_V6.test(address) : !PRIVATE_V4.test(address)
}

/** Addresses of machines in any text. */
export function redactAddresses(text: string, keeper: Keeper, which: (address: string) => boolean): string {
  let changed = text
  if (changed.includes('.'))
    changed = changed.replace(IPV4, (address) => (which(address) ? keeper.name('ip', address) : address))
  if (changed.includes(':'))
    changed = changed.replace(IPV6, (address) =>
      isAddress(address) && which(address) ? keeper.name('ip', address) : address,
    )
  return changed
}

/** Hardware addresses in any text. */
export const redactMacs = (text: string, keeper: Keeper): string =>
  text.includes(':') ? text.replace(MAC, (address) => keeper.name('ip', address)) : text

/** `12:34:56` and `ab:cd` are times and devices; an address has `::` or all eight groups. */
function isAddress(text: string): boolean {
  if (text === '::') return false
  return text.includes('::') || text.split(':').length === 8
}

/** Host names in any text. */
export function redactHosts(text: string, keeper: Keeper): string {
  if (!text.includes('.')) return text
  return text.replace(HOST, (host) => (FILE_LIKE.test(host) ? host : keeper.name('host', host)))
}
