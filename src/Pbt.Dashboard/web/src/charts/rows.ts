import { perVersion } from '../data/memo';
import type { StudyData } from '../data/study';
import { fill, h, svg } from '../view/dom';
import { changes, count, score, short, value } from '../view/format';
import { color } from '../view/theme';
import { ChartCard } from './card';
import { type Axis, type Drawn, type Frame, frame, type Linear, linear, type Scales, Strokes, timeAxis } from './plot';
import { Points } from './points';
import { extent, type ScoreScale, scoreScale } from './scores';

export type Along = 'steps' | 'interval' | 'time';

/** What a picture needs from the page that it is on. */
export interface Context {
  study(): StudyData;
  open(member: number): void;
}

const reach = 40;

/** A picture with a point for each completed interval, in which a lineage can be followed by pointer or keyboard. */
export abstract class RowChart extends ChartCard {
  protected along: Along = 'steps';
  protected points: Points | null = null;
  protected scores: ScoreScale | null = null;
  private drawn: Drawn | null = null;
  private chosen = -1;
  private readonly tip = h('div', { class: 'tip', hidden: true });
  private readonly spoken = h('p', { class: 'spoken', 'aria-live': 'polite' });

  constructor(title: string, protected readonly context: Context, protected height: number) {
    super(title);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'group');
    this.canvas.setAttribute('aria-label', `${title}. Arrow keys go from member to member and along a lineage, Enter opens the member.`);
    this.element.append(this.tip, this.spoken);
    this.canvas.addEventListener('pointermove', (event) => this.point(event));
    this.canvas.addEventListener('pointerleave', () => this.choose(-1));
    this.canvas.addEventListener('click', () => this.open());
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    this.canvas.addEventListener('blur', () => this.choose(-1));
  }

  protected readonly margins: Pick<Frame, 'marginRight' | 'grid'> = {};

  /** How lineages go from point to point. */
  protected readonly way: 'straight' | 'curved' | 'stepped' = 'straight';

  /** The axis that rows are shown along: all pictures of a page have the same. */
  setAlong(along: Along): void {
    this.along = along;
    this.invalidate();
  }

  /** Each row's place from the top, in pixels; NaN for one that is not shown. */
  protected abstract heights(study: StudyData, scales: Scales): Float32Array;

  protected abstract axisY(study: StudyData): Axis | null;

  protected abstract layers(study: StudyData, scales: Scales, points: Points, scores: ScoreScale): SVGElement[];

  protected draw(width: number): void {
    const study = this.context.study();
    const xs = extentAlong[this.along](study);
    const y = this.axisY(study);
    if (xs === null || y === null) {
      this.empty('No interval has completed yet.');
      return;
    }
    const scores = (this.scores = scoreScale(study));
    const x = axisAlong(this.along, xs);
    this.drawn = frame({
      width,
      height: this.height,
      label: this.title,
      x,
      y,
      ...this.margins,
      draw: (scales) => {
        const points = (this.points = new Points(placesAlong(study, this.along, linear(scales.x, x.domain)), this.heights(study, scales)));
        return this.layers(study, scales, points, scores);
      },
    });
    this.drawn.element.append(svg('g', { class: 'overlay', fill: 'none' }));
    fill(this.canvas, this.drawn.element);
    this.mark(this.chosen);
  }

  /** The way of a row's weights through the picture. */
  protected lineagePath(row: number, stroke: string, width: number): SVGPathElement {
    const strokes = new Strokes();
    let last: [number, number] | null = null;
    for (const at of this.context.study().lineage(row)) {
      if (this.points?.has(at) !== true) continue;
      const [x, y] = [this.points.x[at] as number, this.points.y[at] as number];
      if (last === null) strokes.move(this.startOf(at), y).line(x, y);
      else if (this.way === 'curved') strokes.bend(...last, x, y);
      else if (this.way === 'stepped') strokes.line(last[0], y).line(x, y);
      else strokes.line(x, y);
      last = [x, y];
    }
    return strokes.path(stroke, width);
  }

  /** Where, from the left, the first interval of a lineage is drawn from. */
  protected startOf(row: number): number {
    return this.points?.x[row] ?? NaN;
  }

  private point(event: PointerEvent): void {
    const box = this.canvas.getBoundingClientRect();
    this.choose(this.points?.nearest(event.clientX - box.left, event.clientY - box.top, reach) ?? -1);
  }

  private key(event: KeyboardEvent): void {
    const study = this.context.study();
    const ranked = study.ranked().filter((member) => study.latest(member) >= 0);
    const member = this.chosen >= 0 ? study.member.get(this.chosen) : -1;
    const place = ranked.indexOf(member);
    const rows = (study.rowsOf[member] ?? []).filter((row) => study.isCompleted(row));
    const at = rows.indexOf(this.chosen);
    const next: Record<string, () => number> = {
      ArrowDown: () => study.latest(ranked[place < 0 ? 0 : Math.min(ranked.length - 1, place + 1)] ?? 0),
      ArrowUp: () => study.latest(ranked[place < 0 ? 0 : Math.max(0, place - 1)] ?? 0),
      ArrowLeft: () => rows[Math.max(0, at - 1)] ?? this.chosen,
      ArrowRight: () => rows[Math.min(rows.length - 1, at + 1)] ?? this.chosen,
      Escape: () => -1,
    };
    if (event.key === 'Enter') this.open();
    const move = next[event.key];
    if (move === undefined || ranked.length === 0) return;
    event.preventDefault();
    this.choose(move());
    this.spoken.textContent = this.chosen < 0 ? '' : describe(study, this.chosen).join(', ');
  }

  private open(): void {
    if (this.chosen >= 0) this.context.open(this.context.study().member.get(this.chosen));
  }

  private choose(row: number): void {
    if (row === this.chosen) return;
    this.chosen = row;
    this.mark(row);
  }

  /** Shows a row's lineage above the rest, and what it is. */
  private mark(row: number): void {
    const overlay = this.drawn?.element.querySelector('.overlay');
    if (overlay === null || overlay === undefined) return;
    overlay.replaceChildren();
    const there = this.points?.has(row) === true;
    this.tip.hidden = !there;
    this.canvas.classList.toggle('chosen', there);
    if (!there || this.points === null) return;
    const [x, y] = [this.points.x[row] as number, this.points.y[row] as number];
    const ink = color('ink');
    overlay.append(this.lineagePath(row, color('paper'), 5), this.lineagePath(row, ink, 2), svg('circle', { cx: x, cy: y, r: 4.5, fill: ink, stroke: color('paper'), 'stroke-width': 1.5 }));
    fill(this.tip, ...describe(this.context.study(), row).map((line, i) => h(i === 0 ? 'strong' : 'span', {}, line)));
    const left = this.canvas.offsetLeft + x;
    this.tip.style.left = `${Math.max(4, Math.min(left + 14, this.element.clientWidth - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, this.canvas.offsetTop + y - this.tip.offsetHeight - 14)}px`;
  }
}

/** What is said of an interval. */
function describe(study: StudyData, row: number): string[] {
  const [member, parent] = [study.member.get(row), study.parent.get(row)];
  const inherited = parent >= 0 && study.member.get(parent) !== member;
  const lines = [
    `m${member}, interval ${study.interval.get(row)}`,
    `score ${score(study.score.get(row))}${study.spec?.smooths === true ? ` (${score(study.compared.get(row))})` : ''}, ${count(study.steps.get(row))} steps`,
    ...study.space.map((definition, i) => `${definition.name} ${value(study.value(study.set.get(row), i))}`),
  ];
  if (inherited) {
    const changed = changes(study, study.set.get(parent), study.set.get(row));
    lines.push(`went on from m${study.member.get(parent)}'s weights of interval ${study.interval.get(parent)}${changed === '' ? '' : `: ${changed}`}`);
  }
  return lines;
}

const extentAlong: Record<Along, (study: StudyData) => [number, number] | null> = {
  steps: perVersion((study) => extentOf(study, 'steps')),
  interval: perVersion((study) => extentOf(study, 'interval')),
  time: perVersion((study) => extentOf(study, 'time')),
};

function extentOf(study: StudyData, along: Along): [number, number] | null {
  const [values, unit] = valuesAlong(study, along);
  return extent(study.rows, (row) => (study.isCompleted(row) ? (values[row] as number) / unit : NaN));
}

/** What rows are shown along, and how much of it is one on the axis. */
function valuesAlong(study: StudyData, along: Along): [Float64Array, number] {
  switch (along) {
    case 'interval':
      return [study.interval.values, 1];
    case 'time':
      return [study.end.values, 1000];
    default:
      return [study.steps.values, 1];
  }
}

/** Each completed interval's place from the left. The pictures of a page share them: they are as wide as each other. */
function placesAlong(study: StudyData, along: Along, scale: Linear): Float32Array {
  const known = lastPlaces;
  if (known !== null && known.study === study && known.version === study.version && known.along === along && known.scale.origin === scale.origin && known.scale.slope === scale.slope) return known.places;
  const [values, unit] = valuesAlong(study, along);
  const [score, interval] = [study.score.values, study.interval.values];
  const places = new Float32Array(study.rows).fill(NaN);
  for (let row = 0; row < places.length; row++) {
    if (!Number.isNaN(score[row] as number) && (interval[row] as number) > 0) places[row] = scale.origin + scale.slope * ((values[row] as number) / unit);
  }
  lastPlaces = { study, version: study.version, along, scale, places };
  return places;
}

let lastPlaces: { study: StudyData; version: number; along: Along; scale: Linear; places: Float32Array } | null = null;

function axisAlong(along: Along, [low, high]: [number, number]): Axis & { domain: [number, number] } {
  const domain: [number, number] = [along === 'interval' ? low : Math.min(0, low), high === low ? high + 1 : high];
  switch (along) {
    case 'steps':
      return { label: 'trainer steps in the weights', domain, format: short };
    case 'interval':
      return { label: 'interval', domain, format: short };
    default:
      return timeAxis(domain);
  }
}
