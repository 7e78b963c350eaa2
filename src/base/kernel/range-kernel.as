// Address ranges, for whoever needs nothing else. AssemblyScript; `npm run build:kernels` compiles it into
// range-kernel.wasm.ts, and a test holds the two together.

export * from './range-calls'
