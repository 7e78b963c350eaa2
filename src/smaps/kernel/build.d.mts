/** The compiled kernel as base64. Throws with the compiler's own words. */
export function compileKernel(): Promise<string>
