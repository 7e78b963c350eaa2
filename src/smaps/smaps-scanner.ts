import { LineScanner } from '../base/line-scanner.ts'
import type { ReadCounts } from './read-counts.ts'
import type { Section } from './section.ts'
import type { SmapsParser } from './smaps-parser.ts'

/** Feeds a file's chunks to the parser, line by line. */
export class SmapsScanner {
  readonly #parser: SmapsParser
  readonly #lines: LineScanner

  constructor(parser: SmapsParser) {
    this.#parser = parser
    this.#lines = new LineScanner((buffer, start, end, _, cut) => {
      parser.line(buffer, start, end, end - start, cut)
    })
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk)
  }

  finish(): { readonly sections: readonly Section[]; readonly counts: ReadCounts } {
    this.#lines.finish()
    return { sections: this.#parser.finish(this.#lines.openEnd), counts: this.#parser.counts }
  }
}
