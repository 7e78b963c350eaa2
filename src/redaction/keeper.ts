import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { RedactionKey } from './key.ts'
import type { RedactionCount, RedactionPolicy } from './policy.ts'
import { SipHash } from './siphash.ts'

/** A payload that was replaced: `[32:9f8e7d6c5b4a]`, its length in bytes and its token. */
const PAYLOAD_TOKEN = /^\[\d+:[0-9a-f]{12}\]$/
/** A name that was replaced: `user-9f8e7d6c5b4a`. */
const NAME_TOKEN = /^(?:user|n|w|host|ip|mail|key)-[0-9a-f]{12}$/
const TOKEN_FIRST = /^(?:\[\d+:[0-9a-f]{12}\]|(?:user|n|w|host|ip|mail|key)-[0-9a-f]{12}(?![A-Za-z0-9]))/
/** Also one that a cut left the beginning of. */
const ANY_TOKEN = /\[\d+:[0-9a-f]{0,12}\]?|(?:user|n|w|host|ip|mail|key)-[0-9a-f]{1,12}\b/
const CACHE_ENTRIES = 50_000
const LONGEST_CACHED = 1024

/**
 * Kinds of names, and how their tokens begin. Names of threads and programs have 15 bytes at most, and so have the
 * tokens that stand for them: a longer one would not be read as a name again. A program's main thread is called like
 * its file, so that both share one kind of token.
 */
const PREFIX = {
  user: 'user',
  path: 'n',
  thread: 'n',
  word: 'w',
  host: 'host',
  ip: 'ip',
  mail: 'mail',
  key: 'key',
} as const
export type NameRule = keyof typeof PREFIX

/** Makes tokens, counts them, remembers results that are asked for again and again. */
export class Keeper {
  readonly policy: Exclude<RedactionPolicy, 'none'>
  readonly strict: boolean
  readonly #key: RedactionKey
  #hashKey: Uint8Array | null = null
  #sip: SipHash | null = null
  readonly #bytes = new Uint8Array(4096)
  readonly remembers: boolean
  readonly #counts = new Map<string, number>()
  readonly #originals = new Map<string, string>()
  readonly #caches = new Map<
    string,
    Map<string, { readonly result: string; readonly rules: readonly string[] }>
  >()
  #heard: string[] | null = null

  /** `remember` keeps every original in memory, for the key map. */
  constructor(policy: Exclude<RedactionPolicy, 'none'>, key: RedactionKey, remember: boolean) {
    this.policy = policy
    this.remembers = remember
    this.strict = policy === 'strict'
    this.#key = key
  }

  /** 16 bytes. */
  get hashKey(): Uint8Array {
    this.#hashKey ??= createHash('sha256').update(this.#key()).digest().subarray(0, 16)
    return this.#hashKey
  }

  /** `[length:token]` in place of a payload of `length` bytes. */
  payload(rule: string, text: string, length = text.length): string {
    if (text === '' || PAYLOAD_TOKEN.test(text)) return text
    return this.#replaced(rule, text, `[${length}:${this.#digest(text)}]`)
  }

  /** `kind-token` in place of a name. */
  name(rule: NameRule, text: string): string {
    return this.secret(rule, rule, text)
  }

  /** The same for a secret that some other rule than its kind of name recognised. */
  secret(rule: string, as: NameRule, text: string): string {
    if (text === '' || this.isToken(text)) return text
    return this.#replaced(rule, text, `${PREFIX[as]}-${this.#digest(asText(text))}`)
  }

  /** Whether a token stands at the beginning: what a rule takes for a secret may be one with text behind it. */
  startsWithToken(text: string): boolean {
    return TOKEN_FIRST.test(text)
  }

  holdsToken(text: string): boolean {
    return ANY_TOKEN.test(text)
  }

  isToken(text: string): boolean {
    return PAYLOAD_TOKEN.test(text) || NAME_TOKEN.test(text)
  }

  /** `change(text)`, computed once; what it counts is counted again on every use. */
  cached(subject: string, text: string, change: (text: string) => string): string {
    // A long one is asked for once, and would fill the memory.
    if (text.length > LONGEST_CACHED) return change(text)
    let cache = this.#caches.get(subject)
    if (!cache) {
      cache = new Map()
      this.#caches.set(subject, cache)
    }
    const known = cache.get(text)
    if (known) {
      for (const rule of known.rules) this.count(rule)
      return known.result
    }
    const outer = this.#heard
    this.#heard = []
    const result = change(text)
    const rules = this.#heard
    this.#heard = outer
    outer?.push(...rules)
    if (cache.size >= CACHE_ENTRIES) cache.clear()
    cache.set(text, { result, rules })
    return result
  }

  counts(): RedactionCount[] {
    return [...this.#counts]
      .map(([rule, count]) => ({ rule, count }))
      .sort((a, b) => (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0))
  }

  /** Counts on from what `counts()` gave once: what was written since is thrown away. */
  recount(counts: readonly RedactionCount[]): void {
    this.#counts.clear()
    for (const { rule, count } of counts) this.#counts.set(rule, count)
  }

  map(): ReadonlyMap<string, string> {
    return this.#originals
  }

  #replaced(rule: string, original: string, token: string): string {
    this.count(rule)
    if (this.remembers) this.#originals.set(token, original)
    return token
  }

  /** Notes that `rule` replaced something that the caller wrote itself. */
  count(rule: string, times = 1): void {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + times)
    this.#heard?.push(rule)
  }

  #digest(text: string): string {
    const bytes = this.#bytes.length >= text.length ? this.#bytes : new Uint8Array(text.length)
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
    this.#sip ??= new SipHash(this.hashKey)
    const [low, high] = this.#sip.hash(bytes, 0, text.length)
    return ((high >>> 0) & 0xffff).toString(16).padStart(4, '0') + (low >>> 0).toString(16).padStart(8, '0')
  }
}

/** Bytes of a name as those of the text that readers make of it: what is no UTF-8 is Latin-1 to them. */
function asText(bytes: string): string {
  if (/^[\0-\x7f]*$/.test(bytes) || isUtf8(Buffer.from(bytes, 'latin1'))) return bytes
  return Buffer.from(bytes, 'utf8').toString('latin1')
}
