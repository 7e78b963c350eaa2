/** The Handlebars environment: precompiled templates, one helper, nothing from the prototype chain. */
import { createHash } from 'node:crypto'
import type HandlebarsModule from 'handlebars'
import runtime from 'handlebars/runtime.js'
import type { Assets } from './assets.ts'

// The runtime has the same face as the whole package; its own types do not say so.
const Handlebars = runtime as unknown as typeof HandlebarsModule

/** What `{{{asset 'name'}}}` may put into the page unescaped. The only triple stash of all templates. */
export interface PageAssets {
  readonly styles: string
  readonly script: string
  readonly island: string
}

export const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

/** `render(name, context)`; throws when a template asks for a name that the context does not have. */
export function createEnvironment(
  assets: Assets,
  page: PageAssets,
): (name: string, context: object) => string {
  const environment = Handlebars.create()
  environment.registerHelper('asset', (name: keyof PageAssets) => page[name])
  const templates = new Map(
    Object.entries(assets.templates).map(([name, source]) => [
      name,
      environment.template(source as TemplateSpecification),
    ]),
  )
  for (const [name, template] of templates) environment.registerPartial(name, template)
  return (name, context) => {
    const template = templates.get(name)
    if (!template) throw new Error(`no template ${name}`)
    return template(context, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false })
  }
}
