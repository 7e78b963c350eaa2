/** Why an archive, or a member of one, is not read or not read to its end; `{}` stands for what is told of this one. */
import type { Sentence } from './sentence.ts'

export const ARCHIVE_REASONS = {
  tarHeader: {
    en: 'the tar archive is damaged: a header is broken',
    zh: 'tar 归档已损坏：成员头损坏',
  },
  tarSize: { en: 'the tar archive is damaged: a size is broken', zh: 'tar 归档已损坏：成员大小损坏' },
  tarCut: { en: 'the tar archive is cut', zh: 'tar 归档不完整' },
  tarLongHeader: { en: 'a tar header of more than 1 MiB', zh: 'tar 成员头超过 1 MiB' },
  tarKind: {
    en: 'a kind of tar member that is not read (sparse, incremental, several volumes)',
    zh: '不支持的 tar 成员类型（稀疏、增量、多卷）',
  },
  zip: { en: 'the zip archive is damaged ({})', zh: 'zip 归档已损坏（{}）' },
  zipMember: { en: 'damaged in the zip archive ({})', zh: '在 zip 归档中已损坏（{}）' },
  zipCut: {
    en: 'its directory, which stands at the end, is missing: the file is cut',
    zh: '缺少位于末尾的目录：文件不完整',
  },
  zipEnd: { en: 'bytes were added behind its end, or are missing there', zh: '末尾之后多出或缺少字节' },
  zipLarger: { en: 'it is larger than the directory says', zh: '比目录记载的大' },
  zipSmaller: { en: 'it is smaller than the directory says', zh: '比目录记载的小' },
  zipChecksum: { en: 'its checksum is wrong', zh: '校验和不符' },
  zipSlack: { en: 'other bytes stand behind what is packed', zh: '压缩数据之后还有其他字节' },
  zipMethod: { en: 'compressed by a method that is not read ({})', zh: '压缩方法不受支持（{}）' },
  zipEncrypted: { en: 'encrypted', zh: '已加密' },
  zipOverlap: { en: 'its members overlap: a decompression bomb', zh: '成员相互重叠：解压炸弹' },
  zipNested: {
    en: 'a zip of this size inside another compressed file',
    zh: '位于另一压缩文件内的 zip 过大',
  },
  compressed: { en: 'the compressed data is damaged ({})', zh: '压缩数据已损坏（{}）' },
  zstd: { en: 'the zstd data is damaged ({})', zh: 'zstd 数据已损坏（{}）' },
  xz: { en: 'the xz data is damaged', zh: 'xz 数据已损坏' },
  xzCut: { en: 'the xz data is cut', zh: 'xz 数据不完整' },
  codec: {
    en: 'compressed by {}, which is not read here: unpack it by hand',
    zh: '以 {} 压缩，此处不支持：请手动解压',
  },
  nested: { en: 'archives inside archives, more than {} deep', zh: '归档嵌套超过 {} 层' },
  members: { en: 'more than {} members', zh: '成员超过 {} 个' },
  bytes: { en: 'unpacks to more than {} GiB', zh: '解压后超过 {} GiB' },
  held: {
    en: 'compressed archives of this size cannot be read in place (more than {} MiB of members)',
    zh: '压缩归档过大，无法就地读取（成员超过 {} MiB）',
  },
  bomb: {
    en: 'unpacks to more than {} times its size ({} bytes out of {}): a decompression bomb',
    zh: '解压后超过原大小的 {} 倍（{} 字节，原 {} 字节）：解压炸弹',
  },
  link: { en: 'a symbolic link in an archive, not followed', zh: '归档中的符号链接，未跟随' },
  hardLink: {
    en: 'a hard link in an archive; the file it names is read there',
    zh: '归档中的硬链接；其所指文件已在原处读取',
  },
  special: { en: 'a pipe or device in an archive', zh: '归档中的管道或设备' },
  nulName: { en: 'its name holds a NUL byte', zh: '名称含 NUL 字节' },
  absoluteName: {
    en: 'an absolute name in an archive, refused: unpack it by hand into a folder (tar leaves the leading / away) and give that',
    zh: '归档中的绝对路径名，已拒绝：请手工解包到一个目录（tar 会去掉开头的 /）并给出该目录',
  },
  outsideName: {
    en: 'a name that leads out of the archive (..), refused',
    zh: '名称指向归档之外（..），已拒绝',
  },
  noName: { en: 'a member without a name', zh: '没有名称的成员' },
  sameName: {
    en: 'the name is in the archive twice; only the first is read',
    zh: '归档中有同名成员；只读取第一个',
  },
} as const satisfies Record<string, Sentence>

/** The reason with what is told of this one in its places. */
export function archiveReason({ en }: Sentence, ...told: readonly (string | number)[]): string {
  let at = 0
  return en.replaceAll(SLOT, () => `${told[at++]}`)
}

const SLOT = '{}'

const FORMS = Object.values(ARCHIVE_REASONS).map((reason: Sentence) => ({
  reason,
  form: new RegExp(`^${reason.en.split(SLOT).map(literally).join('(.*)')}$`, 's'),
}))

function literally(text: string): string {
  return text.replace(/[.()]/g, '\\$&')
}

/** The same in every language, of a reason that is one of these; what a library says in it is told by `say`. */
export function archiveSentence(text: string, say: (detail: string) => Sentence): Sentence | null {
  for (const { reason, form } of FORMS) {
    const told = form.exec(text)?.slice(1)
    if (!told) continue
    let at = 0
    return { en: text, zh: reason.zh.replaceAll(SLOT, () => say(told[at++]!).zh) }
  }
  return null
}
