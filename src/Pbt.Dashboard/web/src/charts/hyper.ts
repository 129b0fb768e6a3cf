import { mapped } from '../data/columns';
import type { StudyData } from '../data/study';
import type { Definition, Value } from '../data/wire';
import { value } from '../view/format';
import { color, ramp } from '../view/theme';
import { type Axis, type Scales, Strokes } from './plot';
import { dots, type Points } from './points';
import { type Context, RowChart } from './rows';
import { bestRow } from './score';
import type { ScoreScale } from './scores';

const mostStrokes = 12_000;
const dotSize = 3;

/** One hyperparameter of every member over its training, coloured by the score that it reached. */
export class HyperChart extends RowChart {
  protected override readonly way = 'stepped';
  private placed: Scales | null = null;

  constructor(context: Context, private readonly parameter: number) {
    super(context.study().space[parameter]?.name ?? '', context, 260);
    this.caption.textContent = `${context.study().space[parameter]?.words ?? ''}; coloured by the score reached. The line is the schedule in the best weights.`;
  }

  protected override heights(study: StudyData, scales: Scales): Float32Array {
    // Many intervals have the same values.
    const definition = study.space[this.parameter];
    const ofSet = (study.sets[this.parameter] ?? []).map((found) => scales.y(place(definition, found)));
    const heights = mapped(study.set.values, new Float32Array(study.rows), (set) => ofSet[set] ?? NaN);
    if (definition?.choices !== undefined) {
      // Members with the same choice are set apart, so that each is seen.
      const lane = scales.y(1) - scales.y(0);
      for (let row = 0; row < heights.length; row++) heights[row] = (heights[row] as number) + lane * spread(study.member.get(row), study.members.length);
    }
    return heights;
  }

  protected axisY(study: StudyData): Axis | null {
    const definition = study.space[this.parameter];
    if (definition === undefined) return null;
    if (definition.choices !== undefined) {
      return { label: '', domain: [-0.5, definition.choices.length - 0.5], names: definition.choices.map((choice: Value) => value(choice)) };
    }
    const [min, max] = [definition.min ?? 0, definition.max ?? 1];
    if (definition.scale === 'one_minus_log') {
      // The same picture as on a log scale of 1 − value, upside down: the value grows upwards.
      return { label: '', type: 'log', domain: [1 - min, 1 - max], format: (rest) => value(Number((1 - rest).toPrecision(6))) };
    }
    const domain: [number, number] = max > min ? [min, max] : [min - 1, max + 1];
    return { label: '', domain, type: definition.scale === 'log' ? 'log' : 'linear', format: value };
  }

  protected layers(study: StudyData, scales: Scales, points: Points, scores: ScoreScale): SVGElement[] {
    this.placed = scales;
    const colors = ramp();
    const byBin = study.rows > mostStrokes ? dots(points, scores.bins(), dotSize) : this.strokes(study, scales, points, scores);
    const drawn: SVGElement[] = [...byBin].sort(([a], [b]) => a - b).map(([bin, strokes]) =>
      strokes.path(colors[bin] ?? color('ink'), study.rows > mostStrokes ? dotSize : 2, { 'stroke-linecap': 'butt' }));
    const best = bestRow(study);
    return best < 0 ? drawn : [...drawn, this.lineagePath(best, color('paper'), 3.5), this.lineagePath(best, color('accent'), 1.5)];
  }

  /** Each interval is a level stroke from the steps that it began with to those that it ended with. */
  private strokes(study: StudyData, scales: Scales, points: Points, scores: ScoreScale): Map<number, Strokes> {
    const byBin = new Map<number, Strokes>();
    for (let row = 0; row < study.rows; row++) {
      if (!points.has(row)) continue;
      const bin = scores.bin(row);
      let strokes = byBin.get(bin);
      if (strokes === undefined) byBin.set(bin, (strokes = new Strokes()));
      const end = points.x[row] as number;
      strokes.level(Math.min(this.beginning(study, scales, row), end - 2), end, points.y[row] as number);
    }
    return byBin;
  }

  protected override startOf(row: number): number {
    return this.placed === null ? super.startOf(row) : this.beginning(this.context.study(), this.placed, row);
  }

  private beginning(study: StudyData, scales: Scales, row: number): number {
    if (this.along === 'time') return scales.x((study.end.get(row) - study.duration.get(row)) / 1000);
    if (this.along === 'interval') return scales.x(study.interval.get(row) - 1);
    const parent = study.parent.get(row);
    return scales.x(parent >= 0 ? study.steps.get(parent) : (study.members[study.member.get(row)]?.base ?? 0));
  }
}

/** Where a value is on its axis. */
function place(definition: Definition | undefined, found: Value): number {
  if (definition?.choices !== undefined) {
    const choice = definition.choices.indexOf(found);
    return choice < 0 ? NaN : choice;
  }
  const number = typeof found === 'number' ? found : NaN;
  return definition?.scale === 'one_minus_log' ? 1 - number : number;
}

function spread(member: number, members: number): number {
  return members > 1 ? 0.7 * (member / (members - 1) - 0.5) : 0;
}
