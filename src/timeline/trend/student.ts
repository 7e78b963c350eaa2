/**
 * Quantile of Student's t by Hill's expansion (Abramowitz & Stegun 26.7.5): `z` is the normal quantile of the wanted
 * probability. Good to 1 % from 5 degrees of freedom on.
 */
export function studentQuantile(z: number, degrees: number): number {
  const z3 = z ** 3
  const z5 = z ** 5
  const z7 = z ** 7
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3)
  )
}
