import type { StudyData } from '../data/study';
import { fill, h } from '../view/dom';
import { score, short } from '../view/format';
import { seriesColor } from '../view/theme';
import { ChartCard } from './card';
import { frame, Strokes } from './plot';
import { extent } from './scores';

interface Curve {
  name: string;
  x: number[];
  best: number[];
}

/** The best score so far of several studies with one objective, over the training of all their members together. */
export class CompareChart extends ChartCard {
  constructor(metric: string, private readonly studies: () => { study: StudyData; name: string; color: number }[]) {
    super(`Best ${metric} so far`);
  }

  protected draw(width: number): void {
    const shown = this.studies().map(({ study, name, color }) => ({ ...curve(study, name), color }));
    const xs = extent(1, () => Math.max(...shown.map((one) => one.x.at(-1) ?? NaN).filter(Number.isFinite)));
    const values = shown.flatMap((one) => one.best);
    const ys = extent(values.length, (i) => values[i] as number);
    if (xs === null || ys === null) {
      this.empty('No interval has completed yet.');
      return;
    }
    const margin = (ys[1] - ys[0]) * 0.05 || 1;
    const drawn = frame({
      width,
      height: 340,
      label: this.title,
      x: { label: 'trainer steps of all members together', domain: [0, xs[1] || 1], format: short },
      y: { label: 'score', domain: [ys[0] - margin, ys[1] + margin], format: score },
      draw: (scales) =>
        shown.filter((one) => one.x.length > 0).map((one) => {
          const strokes = new Strokes();
          one.x.forEach((x, i) => {
            const [left, top] = [scales.x(x), scales.y(one.best[i] as number)];
            if (i === 0) strokes.move(left, top);
            else strokes.line(left, scales.y(one.best[i - 1] as number)).line(left, top);
          });
          return strokes.path(seriesColor(one.color), 2);
        }),
    });
    fill(this.canvas, drawn.element);
    fill(this.caption, ...shown.map((one) => {
      const swatch = h('span', { class: 'swatch' });
      swatch.style.background = seriesColor(one.color);
      return h('span', { class: 'key' }, swatch, one.name);
    }));
  }
}

/** The best score after each improvement, and at the end. */
function curve(study: StudyData, name: string): Curve {
  const [x, best]: [number[], number[]] = [[], []];
  let [total, reached] = [0, -Infinity];
  for (let row = 0; row < study.rows; row++) {
    if (!study.isCompleted(row)) continue;
    const parent = study.parent.get(row);
    total += study.steps.get(row) - (parent >= 0 ? study.steps.get(parent) : (study.members[study.member.get(row)]?.base ?? 0));
    const fitness = study.sign * study.score.get(row);
    if (fitness <= reached) continue;
    reached = fitness;
    x.push(total);
    best.push(study.score.get(row));
  }
  if (x.length > 0) {
    x.push(total);
    best.push(best.at(-1) as number);
  }
  return { name, x, best };
}
