// The order in which the calls of a trace take effect. AssemblyScript; `npm run build:kernels` compiles it into
// merge-kernel.wasm.ts, and a test holds the two together.

export * from './merge'
