import type { Script } from 'node:vm'

export const loaded: { readonly filename: string; readonly sum: number; readonly script: Script }[]

export function loadScript(
  filename: string,
  requireModule: (id: string) => unknown,
  importMetaUrl: string,
  importModule: (id: string) => Promise<unknown>,
): Record<string, unknown>

export function keepCompiled(): void
