import type { RefusalKind } from './source.ts'

/** Why a container cannot be read, in words for the user. Caught where the container is opened; never shown as a stack. */
export class EvidenceError extends Error {
  readonly kind: RefusalKind

  constructor(kind: RefusalKind, message: string) {
    super(message)
    this.kind = kind
  }
}
