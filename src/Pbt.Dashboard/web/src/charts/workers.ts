import type { StudyData } from '../data/study';
import type { Worker } from '../data/wire';
import { add, fill, h, svg } from '../view/dom';
import { training } from '../view/format';
import { color, ramp } from '../view/theme';
import { ChartCard } from './card';
import { frame, type Scales, Strokes, timeAxis } from './plot';
import type { Context } from './rows';
import { scoreScale, type ScoreScale } from './scores';

/** One attempt in a worker's lanes. */
interface Bar {
  worker: number;
  member: number;
  row: number;
  start: number;
  end: number;
  outcome: 'completed' | 'failed' | 'released' | 'lost' | 'running';
  lane: number;
}

const mostBars = 3000;
const mostLanes = 160;
const [laneHeight, leastHeight] = [14, 140];
const bins = 240;

/** Which attempts ran when, in the slots of which worker. */
export class SlotChart extends ChartCard {
  private recent = true;

  constructor(private readonly context: Context, private readonly now: () => number) {
    super('Slots');
    this.choice('Time', [{ value: 'recent', text: 'Recent' }, { value: 'all', text: 'All' }] as const, 'recent', (chosen) => {
      this.recent = chosen === 'recent';
      this.invalidate();
    });
    this.canvas.addEventListener('click', (event) => {
      const member = (event.target as Element).getAttribute('data-member');
      if (member !== null) this.context.open(Number(member));
    });
  }

  protected draw(width: number): void {
    const study = this.context.study();
    const now = Math.max(this.now(), 1);
    const bars = barsOf(study, now, this.recent ? mostBars : Infinity);
    const from = this.recent ? Math.min(...bars.map((bar) => bar.start), now) : 0;
    const { lanes, count } = lay(study.workers, bars);
    if (bars.length === 0 || count === 0) {
      this.empty('No attempt has run yet.');
      return;
    }
    const tooMany = bars.length > mostBars || count > mostLanes;
    if (tooMany) {
      this.empty(`${bars.length} attempts in ${count} slots are too many for one picture; the one below has them all. Choose Recent.`);
      return;
    }
    const scores = scoreScale(study);
    const drawn = frame({
      width,
      height: Math.max(leastHeight, 62 + count * laneHeight),
      label: this.title,
      marginLeft: 76,
      grid: false,
      x: timeAxis([from / 1000, now / 1000]),
      y: { label: '', domain: [count - 0.5, -0.5], names: [] },
      draw: (scales) => [...this.names(study, lanes, scales), ...bars.map((bar) => rectangle(study, bar, scales, scores))],
    });
    fill(this.canvas, drawn.element);
    fill(this.caption, ...legend());
  }

  private names(study: StudyData, lanes: Map<number, number>, scales: Scales): SVGElement[] {
    return [...lanes].map(([row, lane]) => {
      const name = study.workers[row]?.name ?? '';
      const label = svg('text', { x: 4, y: scales.y(lane) + 4, fill: 'currentColor', class: 'label' }, name.length > 11 ? `${name.slice(0, 10)}…` : name);
      label.append(svg('title', {}, name));
      return label;
    });
  }
}

/** How many of the slots were at work, over the whole study. */
export class OccupancyChart extends ChartCard {
  constructor(private readonly context: Context, private readonly now: () => number) {
    super('Slots at work');
  }

  protected draw(width: number): void {
    const study = this.context.study();
    const now = Math.max(this.now(), 1);
    const bars = barsOf(study, now, Infinity);
    if (bars.length === 0) {
      this.empty('No attempt has run yet.');
      return;
    }
    const busy = spread(bars.map((bar) => [bar.start, bar.end, 1]), now);
    const slots = spread(study.workers.map((worker) => [worker.joined, worker.ended ?? now, worker.slots]), now);
    const most = Math.max(...busy, ...slots, 1);
    const drawn = frame({
      width,
      height: 170,
      label: this.title,
      x: timeAxis([0, now / 1000]),
      y: { label: 'slots', domain: [0, most * 1.05] },
      draw: (scales) => [area(busy, now, scales), steps(slots, now, scales)],
    });
    fill(this.canvas, drawn.element);
    const used = sum(busy) / Math.max(sum(slots), 1e-9);
    fill(this.caption, `${Math.round(100 * Math.min(1, used))} % of the slots’ time was used. The line is the slots that there were.`);
  }
}

/** The latest attempts that ran, completed or not, in the order of their beginnings. */
function barsOf(study: StudyData, now: number, most: number): Bar[] {
  const bars: Bar[] = [];
  for (let row = Math.max(0, study.rows - most); row < study.rows; row++) {
    if (!study.isCompleted(row)) continue;
    const end = study.end.get(row);
    bars.push({ worker: study.worker.get(row), member: study.member.get(row), row, start: end - study.duration.get(row), end, outcome: 'completed', lane: 0 });
  }
  for (const attempt of study.unfinished.slice(most === Infinity ? 0 : -most)) bars.push({ ...attempt, row: -1, lane: 0 });
  for (const member of study.members) {
    if (member.since !== undefined && member.worker !== undefined) bars.push({ worker: member.worker, member: member.id, row: -1, start: member.since, end: Math.max(now, member.since), outcome: 'running', lane: 0 });
  }
  bars.sort((a, b) => a.start - b.start);
  return most === Infinity ? bars : bars.slice(-most);
}

/** Puts every bar into a slot of its worker that is free, and says where each worker's lanes begin. */
function lay(workers: Worker[], bars: Bar[]): { lanes: Map<number, number>; count: number } {
  const free = new Map<number, number[]>();
  for (const bar of bars) {
    let ends = free.get(bar.worker);
    if (ends === undefined) free.set(bar.worker, (ends = []));
    // A trainer's own clock and the log's times differ by a little.
    let slot = ends.findIndex((end) => end <= bar.start + 50);
    if (slot < 0) slot = ends.length < (workers[bar.worker]?.slots ?? 1) ? ends.length : ends.indexOf(Math.min(...ends));
    ends[slot] = bar.end;
    bar.lane = slot;
  }
  const lanes = new Map<number, number>();
  let count = 0;
  for (const worker of [...free.keys()].sort((a, b) => a - b)) {
    lanes.set(worker, count);
    count += Math.max(workers[worker]?.slots ?? 1, free.get(worker)?.length ?? 1);
  }
  for (const bar of bars) bar.lane += lanes.get(bar.worker) ?? 0;
  return { lanes, count };
}

function rectangle(study: StudyData, bar: Bar, scales: Scales, scores: ScoreScale): SVGElement {
  const [left, right] = [scales.x(bar.start / 1000), scales.x(bar.end / 1000)];
  const fills = { completed: bar.row >= 0 ? (ramp()[scores.bin(bar.row)] as string) : '', failed: color('bad'), released: color('faint'), lost: color('warn'), running: color('accent') };
  const title = `m${bar.member}${bar.row >= 0 ? `, interval ${study.interval.get(bar.row)}` : ''}: ${bar.outcome}, ${training(bar.end - bar.start)}`;
  return svg(
    'rect',
    { x: left, y: scales.y(bar.lane) - 5, width: Math.max(1, right - left - 0.75), height: 10, rx: 1.5, fill: fills[bar.outcome], stroke: 'none', 'data-member': bar.member, class: 'bar' },
    svg('title', {}, title),
  );
}

function legend(): Node[] {
  const entry = (name: string, text: string): Node => {
    const swatch = h('span', { class: 'swatch' });
    swatch.style.background = color(name);
    const item = h('span', { class: 'key' }, swatch);
    add(item, text);
    return item;
  };
  return [h('span', { class: 'key' }, 'Completed: coloured by score.'), entry('accent', 'running'), entry('bad', 'failed'), entry('warn', 'lost with its worker'), entry('faint', 'given back')];
}

/** How much there was on average in each part of the time. */
function spread(spans: (readonly [number, number, number])[], until: number): number[] {
  const sums = new Array<number>(bins).fill(0);
  const width = until / bins;
  for (const [start, end, weight] of spans) {
    const [first, last] = [Math.max(0, Math.floor(start / width)), Math.min(bins - 1, Math.floor(end / width))];
    for (let bin = first; bin <= last; bin++) {
      sums[bin] = (sums[bin] as number) + (weight * Math.max(0, Math.min(end, (bin + 1) * width) - Math.max(start, bin * width))) / width;
    }
  }
  return sums;
}

function area(values: number[], until: number, scales: Scales): SVGElement {
  const strokes = new Strokes().move(scales.x(0), scales.y(0));
  values.forEach((value, bin) => {
    strokes.line(scales.x((bin * until) / bins / 1000), scales.y(value)).line(scales.x(((bin + 1) * until) / bins / 1000), scales.y(value));
  });
  return strokes.line(scales.x(until / 1000), scales.y(0)).path('none', 0, { fill: color('accent'), 'fill-opacity': 0.35 });
}

function steps(values: number[], until: number, scales: Scales): SVGElement {
  const strokes = new Strokes().move(scales.x(0), scales.y(0));
  values.forEach((value, bin) => {
    strokes.line(scales.x((bin * until) / bins / 1000), scales.y(value)).line(scales.x(((bin + 1) * until) / bins / 1000), scales.y(value));
  });
  return strokes.path(color('muted'), 1.25);
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
