import type { ChangeKind } from '../model/timeline.ts'

/** One step between two layouts, by rows: a group, or the bytes that changed hands without a counterpart. */
export interface Step {
  readonly kind: ChangeKind
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** Rows of both sides that have a place in some step: 1 each. */
export type Taken = { readonly before: Uint8Array; readonly after: Uint8Array }
