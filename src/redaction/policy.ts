export const REDACTION_POLICIES = ['standard', 'strict', 'none'] as const
export type RedactionPolicy = (typeof REDACTION_POLICIES)[number]

/** How often one rule replaced something. */
export interface RedactionCount {
  readonly rule: string
  readonly count: number
}
