/** Branded numbers: the unit travels in the type, the value stays a plain double. */

declare const unit: unique symbol

export type Bytes = number & { readonly [unit]: 'bytes' }
/** Microseconds. As a point in time: since 1970-01-01T00:00 on the captured host's own wall clock. */
export type Micros = number & { readonly [unit]: 'micros' }
export type Pid = number & { readonly [unit]: 'pid' }
export type Tid = number & { readonly [unit]: 'tid' }

export const bytes = (value: number): Bytes => value as Bytes
export const micros = (value: number): Micros => value as Micros
export const pid = (value: number): Pid => value as Pid
export const tid = (value: number): Tid => value as Tid

export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** `0x7f12…`: the only spelling of an address in any output. */
export const formatAddress = (value: number): string => `0x${value.toString(16)}`
