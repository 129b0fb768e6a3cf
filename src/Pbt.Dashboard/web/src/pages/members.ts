import type { StudyData } from '../data/study';
import type { Member } from '../data/wire';
import { scoreScale, type ScoreScale } from '../charts/scores';
import { add, h, setText } from '../view/dom';
import { count, score, value } from '../view/format';
import { sparkline } from '../view/sparkline';
import { address, type StudyContext, type View } from './page';

interface Column {
  readonly name: string;
  readonly isNumber: boolean;
  readonly title?: string;

  /** What the column shows of a member. */
  text(study: StudyData, member: Member): string;

  /** What rows are ordered by, greatest first; texts by the alphabet. */
  key(study: StudyData, member: Member): number | string;
}

const columns: readonly Column[] = [
  { name: 'member', isNumber: false, text: (_, m) => `m${m.id}`, key: (_, m) => -m.id },
  { name: 'state', isNumber: false, text: (_, m) => (m.damaged ? `${m.state}, damaged` : m.state), key: (_, m) => m.state },
  {
    name: 'score',
    isNumber: true,
    text: (study, m) => (study.latest(m.id) < 0 ? '-' : score(study.score.get(study.latest(m.id)))),
    key: (study, m) => (study.latest(m.id) < 0 || m.state === 'retired' ? -Infinity : study.sign * study.compared.get(study.latest(m.id))),
  },
  { name: 'interval', isNumber: true, text: (study, m) => count(study.rowsOf[m.id]?.length ?? 0), key: (study, m) => study.rowsOf[m.id]?.length ?? 0 },
  { name: 'steps', isNumber: true, title: 'Trainer steps in its weights', text: (study, m) => (m.start < 0 ? '-' : count(study.steps.get(m.start))), key: (study, m) => (m.start < 0 ? -1 : study.steps.get(m.start)) },
  { name: 'donor', isNumber: false, title: 'From whom it took something last', text: (_, m) => (m.donor < 0 ? '-' : `m${m.donor}`), key: (_, m) => -m.donor },
  { name: 'age', isNumber: true, title: 'Intervals since it last took something from another', text: (study, m) => count(study.age(m.id)), key: (study, m) => study.age(m.id) },
  { name: 'worker', isNumber: false, text: (study, m) => (m.worker === undefined ? '-' : (study.workers[m.worker]?.name ?? '-')), key: (study, m) => (m.worker === undefined ? '' : (study.workers[m.worker]?.name ?? '')) },
];

/** A member's row, and what it shows. */
interface Row {
  readonly element: HTMLTableRowElement;

  /** What has the text of each column. */
  readonly places: readonly HTMLElement[];
  readonly trend: HTMLElement;
  texts: readonly string[];
  latest: number;
}

/** The members, best first or by any column. */
export class MemberTable implements View {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private readonly head = h('tr');
  private readonly rows = new Map<number, Row>();
  private readonly title = h('h2', {}, 'Members');
  private sortedBy = 'score';
  private descending = true;

  constructor(private readonly context: StudyContext, private readonly most = Infinity) {
    const names = [...columns.map((column) => column.name), 'trend', ...context.study().space.map((definition) => definition.name)];
    for (const [i, name] of names.entries()) add(this.head, this.header(i, name));
    this.element = h(
      'section',
      { class: 'card' },
      h('div', { class: 'card-head' }, this.title, most === Infinity ? null : h('a', { href: address(context.index, 'members') }, 'All members')),
      h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Members' }, h('table', {}, h('thead', {}, this.head), this.body)),
    );
  }

  update(): void {
    const study = this.context.study();
    const order = this.ordered(study).slice(0, this.most);
    const scores = scoreScale(study);
    const focused = document.activeElement;
    const rows = order.map((member) => this.row(study, study.members[member] as Member, scores));
    if (rows.length !== this.body.children.length || rows.some((row, i) => this.body.children[i] !== row)) {
      this.body.replaceChildren(...rows);
      if (focused instanceof HTMLElement && this.body.contains(focused)) focused.focus({ preventScroll: true });
    }
    setText(this.title, this.most < study.members.length ? `Best ${this.most} of ${study.members.length} members` : `${study.members.length} members`);
  }

  dispose(): void {
    // It holds nothing.
  }

  private header(index: number, name: string): HTMLElement {
    const column = columns[index];
    const kind = column?.isNumber === true || index > columns.length ? 'number' : null;
    if (this.most !== Infinity || name === 'trend') return h('th', { class: kind, title: column?.title }, name);
    const button = h('button', { class: 'sort', title: column?.title, click: () => this.sort(name) }, name);
    return h('th', { class: kind, 'aria-sort': name === this.sortedBy ? 'descending' : 'none', 'data-name': name }, button);
  }

  private sort(name: string): void {
    this.descending = this.sortedBy === name ? !this.descending : true;
    this.sortedBy = name;
    for (const th of this.head.children) {
      if (th.hasAttribute('aria-sort')) th.setAttribute('aria-sort', th.getAttribute('data-name') !== name ? 'none' : this.descending ? 'descending' : 'ascending');
    }
    this.update();
  }

  private ordered(study: StudyData): number[] {
    const ranked = study.ranked();
    const column = columns.find((one) => one.name === this.sortedBy);
    const parameter = study.space.findIndex((definition) => definition.name === this.sortedBy);
    const keyOf = (member: Member): number | string => {
      if (column !== undefined) return column.key(study, member);
      const found = study.value(member.set, parameter) ?? 0;
      return typeof found === 'boolean' ? Number(found) : found;
    };
    const keys = new Map(study.members.map((member) => [member.id, keyOf(member)]));
    const sign = this.descending ? 1 : -1;
    return ranked.sort((a, b) => {
      const [left, right] = [keys.get(a) as number | string, keys.get(b) as number | string];
      if (left === right) return 0;
      return typeof left === 'string' || typeof right === 'string' ? sign * String(left).localeCompare(String(right)) : sign * (right - left);
    });
  }

  private row(study: StudyData, member: Member, scores: ScoreScale): HTMLTableRowElement {
    const texts = [...columns.map((column) => column.text(study, member)), ...study.space.map((_, i) => value(study.value(member.set, i)))];
    let row = this.rows.get(member.id);
    if (row === undefined) this.rows.set(member.id, (row = this.make(member.id, texts.length)));
    for (const [i, text] of texts.entries()) {
      if (row.texts[i] !== text) (row.places[i] as HTMLElement).textContent = text;
    }
    (row.places[1] as HTMLElement).className = `state ${member.state}`;
    row.texts = texts;
    const latest = study.latest(member.id);
    if (row.latest !== latest) row.trend.replaceChildren(sparkline(study, member.id, scores));
    row.latest = latest;
    return row.element;
  }

  private make(member: number, count: number): Row {
    const places: HTMLElement[] = [h('a', { href: address(this.context.index, `m${member}`) }), h('span')];
    const cells: HTMLElement[] = [h('th', { scope: 'row' }, places[0]), h('td', {}, places[1])];
    for (let i = 2; i < count; i++) {
      const cell = h('td', { class: i >= columns.length || columns[i]?.isNumber === true ? 'number' : null });
      places.push(cell);
      cells.push(cell);
    }
    const trend = h('td', { class: 'trend' });
    cells.splice(columns.length, 0, trend);
    return { element: h('tr', { 'data-member': member }, ...cells), places, trend, texts: [], latest: -2 };
  }
}
