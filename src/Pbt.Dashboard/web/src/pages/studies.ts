import { CompareChart } from '../charts/compare';
import type { Source } from '../data/source';
import type { KnownSummary, Summary } from '../data/wire';
import { fill, h } from '../view/dom';
import { count, duration, score, short } from '../view/format';
import { seriesColor } from '../view/theme';
import { table } from '../view/table';
import { address, type View } from './page';

const names = ['study', 'state', 'progress', 'best', 'by', 'intervals', 'failed', 'exploits', 'steps', 'active'];

/** All studies beside each other: how they stand, and their best scores over the training that went into them. */
export class StudiesPage implements View {
  readonly element = h('div', { class: 'stack' });
  private readonly table = h('div');
  private readonly charts: CompareChart[] = [];
  private metrics = '';

  constructor(private readonly source: Source) {}

  update(): void {
    const known = this.source.summaries.filter((one): one is KnownSummary => one.exists);
    const metrics = [...new Set(known.map((one) => `${one.goal} ${one.metric}`))];
    if (this.metrics !== metrics.join('\n') || this.element.children.length === 0) this.build(metrics);
    fill(this.table, table('Studies', names, this.source.summaries.map((summary) => row(summary, this.source))));
    for (const chart of this.charts) chart.invalidate();
  }

  dispose(): void {
    for (const chart of this.charts) chart.dispose();
  }

  /** Scores of different objectives are not to be compared: each has a picture of its own. */
  private build(metrics: string[]): void {
    this.metrics = metrics.join('\n');
    this.dispose();
    this.charts.splice(0, Infinity, ...metrics.map((metric) => new CompareChart(metric.slice(metric.indexOf(' ') + 1), () => this.shown(metric))));
    fill(
      this.element,
      h('section', { class: 'card' }, h('h2', {}, 'Studies'), this.table),
      ...this.charts.map((chart) => chart.element),
    );
  }

  private shown(metric: string): ReturnType<ConstructorParameters<typeof CompareChart>[1]> {
    return this.source.summaries.flatMap((summary) => {
      const study = this.source.study(summary.study);
      return summary.exists && study !== null && `${summary.goal} ${summary.metric}` === metric ? [{ study, name: label(summary, this.source), color: summary.study }] : [];
    });
  }
}

/** A study's name; where several have it, with the directory's. */
export function label(summary: Summary, source: Source): string {
  const folder = summary.directory.split('/').filter((part) => part !== '').at(-1) ?? summary.directory;
  if (!summary.exists) return folder;
  const isShared = source.summaries.filter((other) => other.exists && other.name === summary.name).length > 1;
  return isShared ? `${summary.name} (${folder})` : summary.name;
}

function row(summary: Summary, source: Source): HTMLElement {
  const swatch = h('span', { class: 'swatch' });
  swatch.style.background = seriesColor(summary.study);
  const name = h('th', { scope: 'row' }, swatch, h('a', { href: address(summary.study), title: summary.directory }, label(summary, source)));
  if (!summary.exists) return h('tr', {}, name, h('td', { colspan: 9, class: 'muted' }, summary.problem ?? (summary.loading ? 'reading its log …' : 'not created yet')));
  const bar = h('progress', { max: 1, value: summary.fraction ?? 0, 'aria-label': 'progress' });
  return h(
    'tr',
    {},
    name,
    h('td', {}, h('span', { class: `state ${summary.state}` }, summary.state)),
    h('td', {}, bar),
    h('td', { class: 'number' }, score(summary.best?.score)),
    h('td', {}, summary.best === null ? '-' : `m${summary.best.member} at ${summary.best.interval}`),
    h('td', { class: 'number' }, `${count(summary.completed)}${summary.budget === null ? '' : ` / ${count(summary.budget)}`}`),
    h('td', { class: 'number' }, count(summary.failed)),
    h('td', { class: 'number' }, count(summary.exploits)),
    h('td', { class: 'number' }, short(summary.total_steps)),
    h('td', { class: 'number' }, duration(summary.active_seconds)),
  );
}
