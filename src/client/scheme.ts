/** Light or dark: what the system prefers, until the reader chooses. */
import type { Scheme } from '../report/charts/theme.ts'
import { byId } from './dom.ts'

const system = matchMedia('(prefers-color-scheme: dark)')

export function currentScheme(): Scheme {
  const chosen = document.documentElement.dataset.scheme
  return chosen === 'light' || chosen === 'dark' ? chosen : system.matches ? 'dark' : 'light'
}

export function mountScheme(changed: () => void): void {
  const choice = byId<HTMLSelectElement>('scheme')
  choice?.addEventListener('change', () => {
    if (choice.value === 'auto') delete document.documentElement.dataset.scheme
    else document.documentElement.dataset.scheme = choice.value
    changed()
  })
  system.addEventListener('change', changed)
}
