import type { StudyData } from '../data/study';
import type { MemberDetails } from '../data/wire';
import { Curve } from '../charts/curve';
import { add, fill, h, setText } from '../view/dom';
import { changes, counted, date, quoted, score, training, value } from '../view/format';
import { table } from '../view/table';
import { address, type StudyContext, type View } from './page';

const mostIntervals = 200;

/** One member: where it stands, the schedule in its weights, its intervals, metrics and log, and how to train it again. */
export class MemberPage implements View {
  readonly element: HTMLElement;
  private readonly facts = h('dl', { class: 'facts' });
  private readonly schedule = h('div');
  private readonly intervals = h('div');
  private readonly metrics = h('div', { class: 'grid' });
  private readonly log = h('div');
  private readonly command = h('code');
  private charts: Curve[] = [];
  private shown = -1;

  constructor(private readonly context: StudyContext, private readonly member: number) {
    const copied = h('span', { class: 'muted', role: 'status' });
    const copy = h('button', { click: () => this.copy(copied) }, 'Copy');
    this.element = h(
      'div',
      { class: 'stack' },
      h('section', { class: 'card' }, h('div', { class: 'card-head' }, h('h2', {}, `Member m${member}`), h('a', { href: address(context.index, 'members') }, 'All members')), this.facts),
      h('section', { class: 'card' }, h('h2', {}, 'Train it again along its schedule'), h('div', { class: 'command' }, this.command, copy, copied)),
      h('section', { class: 'card' }, h('h2', {}, 'Schedule in its weights'), this.schedule),
      this.metrics,
      h('section', { class: 'card' }, h('h2', {}, 'Intervals'), this.intervals),
      h('section', { class: 'card' }, h('h2', {}, 'Log'), this.log),
    );
  }

  update(): void {
    const study = this.context.study();
    if (study.members[this.member] === undefined) {
      fill(this.element, h('p', { class: 'empty' }, `The study has no member m${this.member}.`));
      return;
    }
    if (study.version === this.shown) return;
    const isFirst = this.shown < 0;
    const before = study.rowsOf[this.member]?.length ?? 0;
    this.shown = study.version;
    this.showFacts(study);
    fill(this.schedule, this.scheduleTable(study));
    fill(this.intervals, this.intervalTable(study));
    const summary = this.context.source.summaries[this.context.index];
    const directory = summary?.directory ?? 'DIR';
    setText(this.command, `pbt replay ${quoted(directory)} --member ${this.member} --dir ${quoted(`${directory}-replay-m${this.member}`)}`);
    if (isFirst || before !== Number(this.element.dataset['intervals'])) void this.load();
    this.element.dataset['intervals'] = String(before);
  }

  dispose(): void {
    for (const chart of this.charts) chart.dispose();
  }

  private showFacts(study: StudyData): void {
    const member = study.members[this.member];
    if (member === undefined) return;
    const latest = study.latest(this.member);
    const start = member.start;
    const facts: [string, string | Node][] = [
      ['state', h('span', { class: `state ${member.state}` }, member.state)],
      ['score', latest < 0 ? '-' : score(study.score.get(latest))],
      ['intervals', String(study.rowsOf[this.member]?.length ?? 0)],
      ['weights', start < 0 ? 'from the beginning' : `of m${study.member.get(start)} at interval ${study.interval.get(start)}, ${counted(study.steps.get(start), 'step')}`],
      ['age', counted(study.age(this.member), 'interval')],
      ...study.space.map((definition, i): [string, string] => [definition.name, value(study.value(member.set, i))]),
    ];
    if (member.donor >= 0) facts.push(['donor', h('a', { href: address(this.context.index, `m${member.donor}`) }, `m${member.donor}`)]);
    if (member.group !== undefined) facts.push(['group', member.group]);
    if (member.worker !== undefined) facts.push(['worker', study.workers[member.worker]?.name ?? '-']);
    if (member.failures > 0) facts.push(['failed', `${counted(member.failures, 'time')}, the last with: ${member.failure ?? ''}`]);
    fill(this.facts, ...facts.map(([name, text]) => h('div', {}, h('dt', {}, name), h('dd', {}, text))));
  }

  /** Stretches of the lineage of its weights with the same hyperparameters. */
  private scheduleTable(study: StudyData): HTMLElement {
    const start = study.members[this.member]?.start ?? -1;
    const lineage = study.lineage(start);
    if (lineage.length === 0) return h('p', { class: 'empty' }, 'No interval has completed yet.');
    const stretches: { member: number; first: number; last: number; set: number; steps: number; score: number }[] = [];
    for (const row of lineage) {
      const last = stretches.at(-1);
      if (last !== undefined && last.set === study.set.get(row) && last.member === study.member.get(row)) {
        Object.assign(last, { last: study.interval.get(row), steps: study.steps.get(row), score: study.score.get(row) });
      } else {
        stretches.push({ member: study.member.get(row), first: study.interval.get(row), last: study.interval.get(row), set: study.set.get(row), steps: study.steps.get(row), score: study.score.get(row) });
      }
    }
    const rows = stretches.map((one, i) => {
      const before = stretches[i - 1];
      const cells = study.space.map((_, parameter) => {
        const [now, old] = [study.value(one.set, parameter), before === undefined ? undefined : study.value(before.set, parameter)];
        return h('td', { class: `number${old !== undefined && old !== now ? ' changed' : ''}` }, value(now));
      });
      return h('tr', {}, h('td', {}, h('a', { href: address(this.context.index, `m${one.member}`) }, `m${one.member}`)), h('td', {}, one.first === one.last ? String(one.first) : `${one.first} – ${one.last}`), h('td', { class: 'number' }, one.steps.toLocaleString('en-US')), h('td', { class: 'number' }, score(one.score)), ...cells);
    });
    return table('Schedule', ['member', 'intervals', 'steps', 'score', ...study.space.map((definition) => definition.name)], rows);
  }

  private intervalTable(study: StudyData): HTMLElement {
    const all = study.rowsOf[this.member] ?? [];
    const unfinished = study.unfinished.filter((attempt) => attempt.member === this.member && attempt.outcome === 'failed').slice(-20);
    const rows = all.slice(-mostIntervals).reverse().map((row) => {
      const parent = study.parent.get(row);
      const inherited = parent >= 0 && study.member.get(parent) !== this.member;
      const own = all[study.interval.get(row) - 2];
      const changed = own === undefined ? '' : changes(study, study.set.get(own), study.set.get(row));
      return h('tr', {}, h('td', { class: 'number' }, String(study.interval.get(row))), h('td', { class: 'number' }, study.isCompleted(row) ? score(study.score.get(row)) : 'failed'), h('td', { class: 'number' }, study.steps.get(row).toLocaleString('en-US')), h('td', { class: 'number' }, training(study.duration.get(row))), h('td', {}, inherited ? `m${study.member.get(parent)} ${study.interval.get(parent)}` : '-'), h('td', {}, changed), h('td', {}, date(new Date(study.origin + study.end.get(row)).toISOString())));
    });
    const element = h('div', {}, rows.length === 0 ? h('p', { class: 'empty' }, 'None has ended yet.') : table('Intervals', ['interval', 'score', 'steps', 'took', 'weights of', 'what changed', 'ended'], rows));
    if (all.length > mostIntervals) add(element, h('p', { class: 'muted note' }, `The last ${mostIntervals} of ${all.length}.`));
    if (unfinished.length > 0) {
      add(element, h('h3', {}, 'Attempts that failed'), table('Attempts that failed', ['interval', 'attempt', 'reason'], unfinished.reverse().map((attempt) => h('tr', {}, h('td', { class: 'number' }, String(attempt.interval)), h('td', {}, String(attempt.attempt)), h('td', {}, attempt.reason)))));
    }
    return element;
  }

  private async load(): Promise<void> {
    try {
      const details = await this.context.source.details(this.context.index, this.member);
      this.showMetrics(details);
      this.showLog(details);
    } catch (error) {
      fill(this.log, h('p', { class: 'empty' }, error instanceof Error ? error.message : String(error)));
    }
  }

  private showMetrics(details: MemberDetails): void {
    const byName = new Map(this.charts.map((chart) => [chart.title, chart]));
    this.charts = details.metrics.map((metric) => {
      const chart = byName.get(metric.name) ?? new Curve(metric.name);
      chart.show(metric.values);
      return chart;
    });
    for (const chart of byName.values()) if (!this.charts.includes(chart)) chart.dispose();
    if (this.metrics.children.length !== this.charts.length) fill(this.metrics, ...this.charts.map((chart) => chart.element));
  }

  private showLog(details: MemberDetails): void {
    if (details.log === null) {
      fill(this.log, h('p', { class: 'empty' }, 'No attempt has begun yet.'));
      return;
    }
    const { path, interval, tail } = details.log;
    fill(this.log, h('p', { class: 'muted note' }, `The end of interval ${interval}’s: ${path}`), tail.trim() === '' ? h('p', { class: 'empty' }, 'It is empty.') : h('pre', { tabindex: 0 }, tail));
  }

  private async copy(said: HTMLElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.command.textContent ?? '');
      said.textContent = 'Copied.';
    } catch {
      getSelection()?.selectAllChildren(this.command);
      said.textContent = 'Selected: copy it with the keyboard.';
    }
  }
}
