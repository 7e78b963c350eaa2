import type { DiagnosticKind } from './diagnostics.ts'

/**
 * Every diagnostic of the tool, by code: what was seen, and what to do about it. Codes are stable: scripts match them.
 * Sorted by subject: evidence, smaps, strace, clock, replay.
 */
export const DIAGNOSTIC_CATALOGUE = {
  'evidence-unreadable': {
    severity: 'error',
    message: { en: 'cannot be read', zh: '无法读取' },
    remedy: { en: 'Check the permissions and run again.', zh: '请检查权限后重试。' },
  },
} as const satisfies Record<string, DiagnosticKind>

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CATALOGUE
