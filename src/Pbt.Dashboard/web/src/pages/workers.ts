import { OccupancyChart, SlotChart } from '../charts/workers';
import { fill, h } from '../view/dom';
import { clock, count } from '../view/format';
import { table } from '../view/table';
import type { StudyContext, View } from './page';

const names = ['worker', 'state', 'host', 'process', 'slots', 'running', 'completed', 'joined', 'ended'];

/** The workers, and what their slots did when. */
export class WorkersPage implements View {
  readonly element: HTMLElement;
  private readonly occupancy: OccupancyChart;
  private readonly slots: SlotChart;
  private readonly table = h('div');

  constructor(private readonly context: StudyContext) {
    this.occupancy = new OccupancyChart(context, () => context.now());
    this.slots = new SlotChart(context, () => context.now());
    this.element = h(
      'div',
      { class: 'stack' },
      this.occupancy.element,
      this.slots.element,
      h(
        'section',
        { class: 'card' },
        h('h2', {}, 'Workers'),
        this.table,
      ),
    );
  }

  update(): void {
    this.occupancy.invalidate();
    this.slots.invalidate();
    const study = this.context.study();
    const summary = this.context.source.summaries[this.context.index];
    const vanished = new Set(summary?.exists === true ? summary.vanished : []);
    const completed = new Map<number, number>();
    for (let row = 0; row < study.rows; row++) {
      if (study.isCompleted(row)) completed.set(study.worker.get(row), (completed.get(study.worker.get(row)) ?? 0) + 1);
    }
    const rows = study.workers.map((worker) => {
      const running = study.members.filter((member) => member.worker === worker.row).map((member) => `m${member.id}`);
      const state = worker.loss !== undefined ? 'lost' : worker.ended !== undefined ? 'left' : vanished.has(worker.row) ? 'vanished' : 'alive';
      return h(
        'tr',
        {},
        h('th', { scope: 'row' }, worker.name),
        h('td', {}, h('span', { class: `state ${state}`, title: worker.loss }, state)),
        h('td', {}, worker.host),
        h('td', { class: 'number' }, String(worker.pid)),
        h('td', { class: 'number' }, String(worker.slots)),
        h('td', {}, running.length === 0 ? '-' : running.join(' ')),
        h('td', { class: 'number' }, count(completed.get(worker.row) ?? 0)),
        h('td', {}, clock(study.origin + worker.joined)),
        h('td', {}, worker.ended === undefined ? '-' : clock(study.origin + worker.ended)),
      );
    });
    fill(this.table, table('Workers', names, rows.reverse()));
  }

  dispose(): void {
    this.occupancy.dispose();
    this.slots.dispose();
  }
}
