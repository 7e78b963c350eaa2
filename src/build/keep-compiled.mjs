/** Loaded before a command of dist/ (`node --import`): when that ends, its compiled code is kept. */
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const loader = join(dirname(process.argv[1]), 'cached-script.mjs')
const { keepCompiled } = await import(pathToFileURL(loader).href)
process.on('exit', keepCompiled)
