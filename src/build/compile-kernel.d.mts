export function compileKernel(source?: URL): Promise<string>
