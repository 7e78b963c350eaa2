/** Copy buttons: the text of a command, a sentence, the ticket, or a link to a section. */
import type { ClientWords } from '../report/html/island.ts'
import { all, element } from './dom.ts'

/** The clipboard API, or a selection where a viewer withholds it. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = element('textarea', { readonly: '', 'aria-hidden': 'true' })
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}

const SHOWN_FOR = 2000

export function mountCopy(words: ClientWords): void {
  const said = element('p', { role: 'status', class: 'said' })
  document.body.append(said)
  for (const heading of all<HTMLElement>('main section[id] > h2')) {
    const id = heading.closest('section')?.id ?? ''
    const label = `${words.copyLink}: ${heading.textContent}`
    const button = element(
      'button',
      { type: 'button', class: 'link', 'data-link': id, 'aria-label': label },
      '#',
    )
    button.title = words.copyLink
    const row = element('div', { class: 'heading' })
    heading.before(row)
    row.append(heading, button)
  }
  document.addEventListener('click', async (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null
    const text = button?.dataset.copy ?? linkTo(button?.dataset.link)
    if (!button || text === null) return
    if (!(await copy(text))) return
    said.textContent = words.copied
    const before = button.textContent
    if (before === words.copied) return
    button.textContent = words.copied
    setTimeout(() => {
      button.textContent = before
      said.textContent = ''
    }, SHOWN_FOR)
  })
}

const linkTo = (id: string | undefined): string | null =>
  id === undefined ? null : `${location.href.split('#')[0]}#${id}`
