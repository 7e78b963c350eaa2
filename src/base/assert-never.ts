/** Closes a union: reached only when a case was forgotten, which the compiler reports first. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`)
}
