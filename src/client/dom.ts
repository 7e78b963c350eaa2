/** Small helpers over the DOM. Text only ever goes in as text. */

export const all = <T extends Element>(selector: string, root: ParentNode = document): T[] => [
  ...root.querySelectorAll<T>(selector),
]

export const byId = <T extends HTMLElement>(id: string): T | null => document.getElementById(id) as T | null

/** A new element with attributes and children; a string child becomes a text node. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children)
  return node
}
