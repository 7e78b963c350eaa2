/**
 * The one file through which templates, styles, script and font come in. In the published bundle the build replaces
 * this module by a generated one with the same export (src/build/assets.mjs), so the source tree is only read in
 * development and tests.
 */
import { produceAssets } from '../../build/assets.mjs'

/** A precompiled Handlebars template, as `Handlebars.template` takes it. */
type TemplateSource = object

export interface Assets {
  readonly templates: Readonly<Record<string, TemplateSource>>
  readonly styles: string
  readonly clientScript: string
  /** TTF of the still images. */
  readonly font: Uint8Array
}

let produced: Promise<Assets> | null = null

async function produce(): Promise<Assets> {
  const { templates, ...rest } = await produceAssets()
  return {
    ...rest,
    // Precompiled by Handlebars from the project's own templates a moment ago: the one place where text becomes code.
    templates: Object.fromEntries(
      Object.entries(templates).map(([name, source]) => [
        name,
        new Function(`return ${source}`)() as TemplateSource,
      ]),
    ),
  }
}

export function loadAssets(): Promise<Assets> {
  produced ??= produce()
  return produced
}
