import type { StudyData } from '../data/study';
import { svg } from '../view/dom';
import { color, ramp } from '../view/theme';
import { type Axis, linear, type Scales, Strokes } from './plot';
import type { Points } from './points';
import { type Along, type Context, RowChart } from './rows';
import { bestRow } from './score';
import type { ScoreScale } from './scores';
import { layOut, type Tree } from './tree';

const mostDead = 250;
const [leastHeight, mostHeight] = [220, 760];
const laneHeight = 15;
const labelHeight = 11;

/** Where the weights of all members come from: the tree from the initial members to now. */
export class LineageChart extends RowChart {
  protected override readonly way = 'curved';
  protected override readonly margins = { marginRight: 70, grid: false };
  private tree: Tree | null = null;
  private withDead: boolean | null = null;

  constructor(context: Context) {
    super('Lineage', context, leastHeight);
    this.choice('Lineages', [{ value: 'living', text: 'Living' }, { value: 'all', text: 'All' }] as const, 'living', (chosen) => {
      this.withDead = chosen === 'all';
      this.invalidate();
    });
  }

  /** Intervals of different members are not of the same age: the tree is along steps or along time. */
  override setAlong(along: Along): void {
    super.setAlong(along === 'interval' ? 'steps' : along);
  }

  protected override draw(width: number): void {
    const study = this.context.study();
    const living = layOut(study, false);
    this.tree = this.showsDead(living) ? layOut(study, true) : living;
    for (const [i, button] of [...this.tools.querySelectorAll('button')].entries()) {
      button.setAttribute('aria-pressed', String((i === 1) === this.showsDead(this.tree)));
    }
    this.height = Math.max(leastHeight, Math.min(mostHeight, 62 + this.tree.count * laneHeight));
    super.draw(width);
  }

  protected override heights(_study: StudyData, scales: Scales): Float32Array {
    const tree = this.tree as Tree;
    const { origin, slope } = linear(scales.y, domainOf(tree));
    return tree.lanes.map((lane) => origin + slope * lane);
  }

  protected axisY(): Axis | null {
    return this.tree === null || this.tree.count === 0 ? null : { label: '', domain: domainOf(this.tree), names: [] };
  }

  protected layers(study: StudyData, scales: Scales, points: Points, scores: ScoreScale): SVGElement[] {
    const tree = this.tree as Tree;
    const colors = ramp();
    const byBin = [new Map<number, Strokes>(), new Map<number, Strokes>()] as const;
    const bins = scores.bins();
    const { starts, isContinued } = this.runs(study, scales, points, bins);
    for (let row = 0; row < study.rows; row++) {
      if (!points.has(row) || isContinued[row] === 1) continue;
      const bin = bins[row] as number;
      const group = byBin[tree.living[row] === 1 ? 1 : 0];
      let strokes = group.get(bin);
      if (strokes === undefined) group.set(bin, (strokes = new Strokes()));
      this.branch(study, points, row, starts[row] as number, strokes);
    }
    const best = bestRow(study);
    const drawn: SVGElement[] = byBin.flatMap((group, isLiving) =>
      [...group].sort(([a], [b]) => a - b).map(([bin, strokes]) => strokes.path(colors[bin] as string, isLiving === 1 ? 2.25 : 1.25, isLiving === 1 ? {} : { 'stroke-opacity': 0.55 })));
    if (points.has(best)) drawn.push(this.lineagePath(best, color('accent'), 1.25));
    this.caption.textContent =
      `${tree.count === tree.all ? 'All' : `${tree.count} of`} ${tree.all} lineages, from the initial members (left) to the present ones (right), coloured by score. ` +
      'Where one branches, a member took the weights. Thin ones died out; the accented one led to the best weights.';
    return [...drawn, ...this.labels(study, scales, points, tree)];
  }

  private showsDead(living: Tree): boolean {
    return this.withDead ?? living.all <= mostDead;
  }

  /** Intervals of one colour that follow each other in one lane are drawn as one: where each begins, and which of them are drawn with a later one. */
  private runs(study: StudyData, scales: Scales, points: Points, bins: Uint8Array): { starts: Float32Array; isContinued: Uint8Array } {
    const tree = this.tree as Tree;
    const starts = new Float32Array(study.rows);
    const isContinued = new Uint8Array(study.rows);
    const isBranch = new Uint8Array(study.rows);
    for (let row = 0; row < study.rows; row++) {
      if (!points.has(row)) continue;
      const parent = study.parent.get(row);
      if (!points.has(parent)) {
        starts[row] = scales.x(this.along === 'time' ? (study.end.get(row) - study.duration.get(row)) / 1000 : (study.members[study.member.get(row)]?.base ?? 0));
        continue;
      }
      isBranch[row] = points.y[parent] !== points.y[row] ? 1 : 0;
      const isRun = isBranch[row] === 0 && isBranch[parent] === 0 && bins[parent] === bins[row] && tree.living[parent] === tree.living[row];
      starts[row] = isRun ? (starts[parent] as number) : (points.x[parent] as number);
      if (isRun) isContinued[parent] = 1;
    }
    return { starts, isContinued };
  }

  /** A run of intervals, and the branch that it came by. */
  private branch(study: StudyData, points: Points, row: number, start: number, strokes: Strokes): void {
    const [x, y] = [points.x[row] as number, points.y[row] as number];
    const parent = study.parent.get(row);
    if (points.has(parent) && points.y[parent] !== y) strokes.move(points.x[parent] as number, points.y[parent] as number).bend(points.x[parent] as number, points.y[parent] as number, x, y);
    else strokes.level(start, x, y);
  }

  /** Whose the initial weights were and who has the present ones, where there is room. */
  private labels(study: StudyData, scales: Scales, points: Points, tree: Tree): SVGElement[] {
    const roots: Place[] = [];
    for (let row = 0; row < study.rows; row++) {
      if (study.parent.get(row) >= 0 || !points.has(row)) continue;
      const member = study.member.get(row);
      roots.push({ x: scales.x(study.members[member]?.base ?? 0) - 6, y: points.y[row] as number, text: `m${member}`, weight: tree.living[row] as number });
    }
    const tips: Place[] = [];
    for (const [row, members] of tree.holders) {
      if (!points.has(row)) continue;
      const names = members.length > 3 ? [...members.slice(0, 2).map((member) => `m${member}`), `+${members.length - 2}`] : members.map((member) => `m${member}`);
      tips.push({ x: (points.x[row] as number) + 6, y: points.y[row] as number, text: names.join(' '), weight: members.length });
    }
    return [...written(roots, 'end'), ...written(tips, 'start')];
  }
}

function domainOf(tree: Tree): [number, number] {
  return [tree.count - 0.5, -0.5];
}

interface Place {
  x: number;
  y: number;
  text: string;
  weight: number;
}

/** Labels that do not cover each other, the weightier first. */
function written(places: Place[], anchor: 'start' | 'end'): SVGElement[] {
  const taken: number[] = [];
  const labels: SVGElement[] = [];
  for (const place of places.sort((a, b) => b.weight - a.weight || a.y - b.y)) {
    if (taken.some((y) => Math.abs(y - place.y) < labelHeight)) continue;
    taken.push(place.y);
    labels.push(svg('text', { x: place.x, y: place.y + 3.5, fill: 'currentColor', stroke: 'none', 'text-anchor': anchor, class: 'label' }, place.text));
  }
  return labels;
}
