export const REDACTION_POLICIES = ['standard', 'strict', 'none'] as const
export type RedactionPolicy = (typeof REDACTION_POLICIES)[number]
