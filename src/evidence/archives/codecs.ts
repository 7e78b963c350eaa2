import { rangeSource, type Source } from '../source.ts'
import { type Stored, store } from './block-store.ts'
import { gunzip } from './inflate.ts'
import { checkRatio, DEFLATE_RATIO, type UnpackBudget, WINDOW_RATIO } from './limits.ts'
import { unxz } from './unxz.ts'
import { unzstd } from './unzstd.ts'

/** One file compressed as a whole, recognised by its first bytes. */
interface Codec {
  readonly name: string
  readonly magic: readonly number[]
  /** What it adds to a name; `tgz` stands for `tar.gz`. */
  readonly suffixes: readonly (readonly [suffix: string, instead: string])[]
  readonly decode: ((packed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | null
  readonly ratio: number
  /** Can be read only once and in one go. */
  readonly exclusive: boolean
}

const row = (
  name: string,
  magic: readonly number[],
  suffixes: Codec['suffixes'],
  decode: Codec['decode'] = null,
  ratio = 0,
  exclusive = false,
): Codec => ({ name, magic, suffixes, decode, ratio, exclusive })

const CODECS: readonly Codec[] = [
  row(
    'gzip',
    [0x1f, 0x8b, 0x08],
    [
      ['.gz', ''],
      ['.tgz', '.tar'],
    ],
    gunzip,
    DEFLATE_RATIO,
  ),
  row(
    'zstd',
    [0x28, 0xb5, 0x2f, 0xfd],
    [
      ['.zst', ''],
      ['.tzst', '.tar'],
    ],
    unzstd,
    WINDOW_RATIO,
  ),
  row(
    'xz',
    [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    [
      ['.xz', ''],
      ['.txz', '.tar'],
    ],
    unxz,
    WINDOW_RATIO,
    true,
  ),
  row('UTF-16', [0xff, 0xfe], [], fromUtf16('utf-16le'), 4),
  row('UTF-16', [0xfe, 0xff], [], fromUtf16('utf-16be'), 4),
  row('bzip2', [0x42, 0x5a, 0x68], []),
  row('lz4', [0x04, 0x22, 0x4d, 0x18], []),
  row('7-Zip', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], []),
  row('RAR', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], []),
  row('compress', [0x1f, 0x9d], []),
]

/** What PowerShell's `>` writes. */
function fromUtf16(encoding: 'utf-16le' | 'utf-16be') {
  return async function* (text: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const decoder = new TextDecoder(encoding)
    for await (const chunk of text) yield Buffer.from(decoder.decode(chunk, { stream: true }), 'utf8')
    yield Buffer.from(decoder.decode(), 'utf8')
  }
}

export function codecOf(head: Uint8Array): Codec | null {
  return CODECS.find((codec) => codec.magic.every((byte, at) => head[at] === byte)) ?? null
}

/** The name without what the codec added: `smaps_1085_20261122.gz` is the snapshot `smaps_1085_20261122`. */
function decodedName(codec: Codec, path: string): string {
  for (const [suffix, instead] of codec.suffixes)
    if (path.toLowerCase().endsWith(suffix) && path.length > suffix.length)
      return path.slice(0, -suffix.length) + instead
  return path
}

/** xz is decoded once and one after the other: its library locks up when two streams are open. */
let previous: Promise<unknown> = Promise.resolve()

/** The source behind a codec. Decoding happens with each reading (xz: now, once). Throws EvidenceError. */
export async function decoded(codec: Codec, source: Source, budget: UnpackBudget): Promise<Source> {
  const path = decodedName(codec, source.path)
  const read = (): AsyncIterable<Uint8Array> => guarded(codec, source)
  if (!codec.exclusive) return { path, size: null, diskPath: null, range: null, read }
  const turn = previous.then(() => store(read(), budget))
  previous = turn.catch(() => undefined)
  const stored = await turn
  if (stored.failure && stored.bytes === 0) throw stored.failure
  return rangeSource(path, stored.bytes, endingIn(stored))
}

/** Readings of what is stored; damage shows at the end of a reading, as it does with the other codecs. */
function endingIn(stored: Stored): Stored['range'] {
  return async function* range(start, end) {
    yield* stored.range(start, end)
    if (stored.failure && end >= stored.bytes) throw stored.failure
  }
}

async function* guarded(codec: Codec, source: Source): AsyncGenerator<Uint8Array> {
  let packed = 0
  let unpacked = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.read()) {
      packed += chunk.length
      yield chunk
    }
  }
  for await (const chunk of codec.decode!(counted())) {
    unpacked += chunk.length
    checkRatio(unpacked, source.size ?? packed, codec.ratio)
    yield chunk
  }
}
