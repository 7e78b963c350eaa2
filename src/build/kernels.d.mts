export interface KernelSource {
  readonly folder: string
  readonly name: string
  readonly pages: number
}
export const KERNELS: readonly KernelSource[]
export function compileKernel(kernel: KernelSource): Promise<string>
export function kernelModule(kernel: KernelSource): Promise<string>
export function moduleOf(kernel: KernelSource): URL
