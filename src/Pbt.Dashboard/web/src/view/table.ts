import { h } from './dom';

/** A table that scrolls on its own where it is too wide. */
export function table(label: string, names: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, h('table', {}, h('thead', {}, heads(names, rows)), h('tbody', {}, ...rows)));
}

/** The heads of columns; those of numbers are where the numbers are. */
function heads(names: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  return h('tr', {}, ...names.map((name, i) => h('th', { class: rows[0]?.children[i]?.classList.contains('number') === true ? 'number' : null }, name)));
}
