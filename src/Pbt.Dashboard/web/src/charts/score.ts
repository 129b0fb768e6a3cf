import { mapped } from '../data/columns';
import { perVersion } from '../data/memo';
import type { StudyData } from '../data/study';
import { score } from '../view/format';
import { color, ramp } from '../view/theme';
import { type Axis, linear, type Scales, Strokes } from './plot';
import { dots, type Points } from './points';
import { RowChart } from './rows';
import { extent, type ScoreScale } from './scores';

/** Above so many intervals each is a dot on a grid, since lines would cover each other and take long to draw. */
const mostLines = 30_000;

const dotSize = 3;

/** The score of every member over its training. Where a member takes weights, its line ends and goes on from the donor's point. */
export class ScoreChart extends RowChart {
  protected override heights(study: StudyData, scales: Scales): Float32Array {
    const { origin, slope } = linear(scales.y, domainOf(study) ?? [0, 1]);
    return mapped(study.score.values, new Float32Array(study.rows), (found) => origin + slope * found);
  }

  protected axisY(study: StudyData): Axis | null {
    const domain = domainOf(study);
    return domain === null ? null : { label: study.spec?.metric ?? 'score', domain, format: score };
  }

  protected layers(study: StudyData, _scales: Scales, points: Points, scores: ScoreScale): SVGElement[] {
    const colors = ramp();
    const best = bestRow(study);
    const population = study.rows > mostLines ? dotted(points, scores, colors) : lines(study, points, colors);
    this.caption.textContent =
      study.rows > mostLines
        ? 'A dot for each interval, coloured by its score. The heavy line is how the best weights came about, through every member that trained them.'
        : 'A line for each member, coloured by its present rank. Where it takes another’s weights, it goes on from that one’s point. The heavy line is how the best weights came about.';
    return best < 0 ? population : [...population, this.lineagePath(best, color('paper'), 5), this.lineagePath(best, color('accent'), 2.5)];
  }
}

/** The scores that there are, with a margin. */
const domainOf = perVersion((study): [number, number] | null => {
  const range = extent(study.rows, (row) => (study.isCompleted(row) ? study.score.get(row) : NaN));
  if (range === null) return null;
  const margin = (range[1] - range[0]) * 0.04 || Math.abs(range[1]) * 0.1 || 1;
  return [range[0] - margin, range[1] + margin];
});

/** The row of the best score; −1 if there is none. */
export const bestRow = perVersion((study): number => {
  let best = -1;
  for (let row = 0; row < study.rows; row++) {
    if (study.isCompleted(row) && (best < 0 || study.sign * study.compared.get(row) > study.sign * study.compared.get(best))) best = row;
  }
  return best;
});

function dotted(points: Points, scores: ScoreScale, colors: readonly string[]): SVGElement[] {
  return [...dots(points, scores.bins(), dotSize)]
    .sort(([a], [b]) => a - b)
    .map(([bin, strokes]) => strokes.path(colors[bin] as string, dotSize, { 'stroke-linecap': 'butt', 'shape-rendering': 'crispEdges' }));
}

function lines(study: StudyData, points: Points, colors: readonly string[]): SVGElement[] {
  const byBin = new Map<number, Strokes>();
  const ranked = study.ranked();
  for (const [rank, member] of ranked.entries()) {
    const bin = Math.floor(((ranked.length - 1 - rank) / ranked.length) * colors.length);
    let strokes = byBin.get(bin);
    if (strokes === undefined) byBin.set(bin, (strokes = new Strokes()));
    memberLine(study, points, member, strokes);
  }
  return [...byBin].sort(([a], [b]) => a - b).map(([bin, strokes]) => strokes.path(colors[bin] as string, 1.25));
}

/** A member's line, broken where it goes on from another point than its own last. */
function memberLine(study: StudyData, points: Points, member: number, strokes: Strokes): void {
  let last = -1;
  for (const row of study.rowsOf[member] ?? []) {
    if (!points.has(row)) continue;
    const [x, y] = [points.x[row] as number, points.y[row] as number];
    const parent = study.parent.get(row);
    if (parent === last && last >= 0) {
      strokes.line(x, y);
    } else if (points.has(parent)) {
      strokes.move(points.x[parent] as number, points.y[parent] as number).line(x, y);
    } else {
      strokes.move(x, y).line(x, y);
    }
    last = row;
  }
}
