/** What a region is called where room is short: its name, or its kind and the last digits of its address. */
import { leafOf } from '../../base/path-parts.ts'
import type { Words } from '../../language/words.ts'
import type { MappingKind } from '../../model/mapping-kind.ts'

const fileName = (path: string): string => leafOf(path) || path

/** `libc.so.6`, `[heap]`, `anonymous 0x7f6bee000000`. */
export const regionLabel = (
  region: { readonly kind: MappingKind; readonly name: string; readonly start: string },
  words: Pick<Words, 'kind'>,
): string => {
  if (region.name.startsWith('[')) return region.name
  if (region.name !== '') return fileName(region.name)
  return `${words.kind[region.kind]} ${region.start}`
}
