import type { Sentence } from '../model/sentence.ts'

export const GLOSSARY = {} as const satisfies Record<string, Sentence>
