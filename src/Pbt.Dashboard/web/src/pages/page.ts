import type { Source } from '../data/source';
import type { StudyData } from '../data/study';
import { add, h } from '../view/dom';
import type { Along, RowChart } from '../charts/rows';

/** Part of the page that shows something and follows it. */
export interface View {
  readonly element: HTMLElement;

  /** Shows what is known now. */
  update(): void;

  /** Lets go of what it holds. */
  dispose(): void;
}

/** What every page of a study needs. */
export interface StudyContext {
  readonly source: Source;
  readonly index: number;

  /** The study; there is one by the time that a page is made. */
  study(): StudyData;

  /** The clock, in milliseconds since the log began. */
  now(): number;

  /** Goes to a member's page. */
  open(member: number): void;
}

let along: Along = 'steps';

/** Buttons that choose what all pictures of a page are drawn along. */
export function alongChoice(charts: () => readonly RowChart[]): HTMLElement {
  const group = h('div', { class: 'choice', role: 'group', 'aria-label': 'Along' }, h('span', { class: 'muted' }, 'Along'));
  for (const [value, text] of [['steps', 'Steps'], ['interval', 'Intervals'], ['time', 'Time']] as const) {
    const button = h('button', { class: 'quiet', 'aria-pressed': String(value === along), click: pick }, text);
    add(group, button);
    function pick(): void {
      along = value;
      for (const other of group.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === button));
      for (const chart of charts()) chart.setAlong(value);
    }
  }
  return group;
}

/** What pictures are drawn along now. */
export function chosenAlong(): Along {
  return along;
}

/** The address of a page of a study. */
export function address(study: number, page = ''): string {
  return page === '' ? `#/${study}` : `#/${study}/${page}`;
}
