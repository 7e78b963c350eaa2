/** The shared filter: one process, one span of time, for charts and tables alike. */
import { formatClock, formatDay } from '../base/format.ts'
import type { Charts } from './charts.ts'
import { all, byId } from './dom.ts'
import { hideRow } from './rows.ts'

const STEPS = 1000

export function mountFilters(charts: Charts): void {
  const applyProcess = () => {
    for (const node of all<HTMLElement>('[data-pid]')) {
      if (!pid || node instanceof HTMLOptionElement) continue
      const hidden = pid.value !== '' && node.dataset.pid !== pid.value
      if (node instanceof HTMLTableRowElement) hideRow(node, 'process', hidden)
      else node.hidden = hidden
    }
  }
  const form = document.querySelector<HTMLFormElement>('form.filters')
  const pid = byId<HTMLSelectElement>('filter-pid')
  const from = byId<HTMLInputElement>('filter-from')
  const to = byId<HTMLInputElement>('filter-to')
  if (!form) return
  form.addEventListener('submit', (event) => event.preventDefault())
  pid?.addEventListener('change', applyProcess)
  if (!from || !to) return
  const first = Number(form.dataset.from)
  const last = Number(form.dataset.to)
  const at = (input: HTMLInputElement) => first + ((last - first) * Number(input.value)) / STEPS
  const timed = all<HTMLElement>('tr[data-at]')

  const applyTime = () => {
    // The two sliders may not cross: the later one gives way.
    if (Number(from.value) > Number(to.value)) to.value = from.value
    const span = { from: at(from), to: at(to) }
    const whole = from.value === '0' && to.value === String(STEPS)
    charts.showTime(whole ? null : span)
    for (const row of timed) {
      const time = Number(row.dataset.at)
      hideRow(row, 'time', !whole && (time < span.from || time > span.to))
    }
    for (const [input, value] of [
      [from, span.from],
      [to, span.to],
    ] as const) {
      const text = momentText(value, last - first)
      input.setAttribute('aria-valuetext', text)
      const output = byId<HTMLOutputElement>(`${input.id}-text`)
      if (output) output.value = text
    }
  }
  from.addEventListener('input', applyTime)
  to.addEventListener('input', applyTime)
  byId('filter-reset')?.addEventListener('click', () => {
    from.value = '0'
    to.value = String(STEPS)
    if (pid) pid.value = ''
    applyTime()
    applyProcess()
  })
  applyTime()
}

const DAY_IN_MS = 86_400_000

const momentText = (milliseconds: number, span: number): string => {
  const at = Math.round(milliseconds) * 1000
  return span > DAY_IN_MS ? `${formatDay(at)} ${formatClock(at)}` : formatClock(at)
}
