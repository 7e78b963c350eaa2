import { crc32, deflateRawSync } from 'node:zlib'
import { pack } from 'tar-stream'

export interface Member {
  readonly name: string
  readonly body?: string | Uint8Array
  readonly type?: 'file' | 'symlink' | 'link' | 'fifo' | 'directory'
}

/** A tar of the members, by the library that the world writes tars with. */
export async function tarOf(members: readonly Member[]): Promise<Buffer> {
  const stream = pack()
  for (const { name, body = '', type = 'file' } of members)
    stream.entry(
      { name, type, linkname: 'elsewhere', mtime: new Date(0) },
      type === 'file' ? Buffer.from(body) : '',
    )
  stream.finalize()
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

export interface ZipMember {
  readonly name: string | Uint8Array
  readonly body: Uint8Array
  readonly mode?: number
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  /** Bytes claimed, when they are not those there. */
  readonly size?: number
  /** Points at the data of the member before. */
  readonly overlap?: boolean
}

/** A zip made by hand, because no library writes hostile ones. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  let before = 0
  for (const { name, body, mode = 0o100644, flags = 0x800, method = 8, crc, size, overlap } of members) {
    const raw = Buffer.from(name)
    const data = method === 8 ? deflateRawSync(body) : Buffer.from(body)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(flags, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(crc ?? crc32(body), 10)
    fields.writeUInt32LE(data.length, 14)
    fields.writeUInt32LE(size ?? body.length, 18)
    fields.writeUInt16LE(raw.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, raw, data])
    if (!overlap) {
      locals.push(local)
      before = offset
      offset += local.length
    }
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE((mode << 16) >>> 0, 6)
    tail.writeUInt32LE(before, 10)
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), fields, tail, raw]))
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(members.length, 4)
  end.writeUInt16LE(members.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end])
}

/** STRACE of support.ts, through `zstd` and `xz`. */
export const ZSTD = Buffer.from(
  'KLUv/QRYFQQAskYZHlCLdSC09xCRvjiGWrH9j+XG4tgGlNEjnFVjJjkmBIizJBKtDUcjjmLCedGUGcuDXziAvx34HqLXFO65NeFqE5ML8UQ44WpfJp+YmAyLxSlfhN+BauYLQZFLJFrrmwWtNIzSqA4KAF8LmLhAMAOgSgrYiwcfZwyZLhyspd0KkEfLz3E=',
  'base64',
)
export const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4ACwAHldABiOQ6rt9VABKL4+mt+CgsY8dOlHykcL6b/6kLTEd8RQ8Z8FfeEIWBsg/relcACahpMGL3DRb97ZrIAeEuaJTA0Vh5fzla8DMwPEfADhV9wCqKo+Wh+Ali/lxtti869U0C01Ik+b7Uy1+G+VOfLix88vKe8Ke/zShQAAAAAAWrzjqmLuTq0AAZUBsQEAAFU5khexxGf7AgAAAAAEWVo=',
  'base64',
)
