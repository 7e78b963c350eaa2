/** Of what there is so much. */
export type AmountUnit = 'bytes' | 'calls'

/** Who hears how far the run is. */
export interface ProgressPorts {
  /** A part of the work begins; so much of it there is, 0 when nobody knows. */
  stage(name: string, amount: number, unit?: AmountUnit): void
  advance(amount: number): void
}

/** Nobody. */
export const UNHEARD: ProgressPorts = { stage() {}, advance() {} }

/** Where drafts of outputs go, and who hears how far the run is. */
export interface RunPorts extends ProgressPorts {
  draft(name: string): string
  /** Its bytes, in pieces. */
  write(name: string, content: Iterable<Uint8Array>): void
}
