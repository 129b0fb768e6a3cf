import type { StudyData } from '../data/study';
import type { ScoreScale } from '../charts/scores';
import { svg } from './dom';
import { ramp } from './theme';

const [width, height, most] = [72, 16, 36];

/** The latest scores of a member as a small line; it ends and begins anew where the member took another's weights. */
export function sparkline(study: StudyData, member: number, scores: ScoreScale): SVGSVGElement {
  const all = study.rowsOf[member] ?? [];
  const rows: number[] = [];
  for (let i = all.length - 1; i >= 0 && rows.length < most; i--) {
    if (study.isCompleted(all[i] as number)) rows.unshift(all[i] as number);
  }
  const span = scores.high - scores.low || 1;
  const [floor, ceiling] = [1.5, height - 1.5];
  let path = '';
  let last = -1;
  rows.forEach((row, i) => {
    const x = 1 + (i * (width - 2)) / Math.max(1, most - 1);
    const part = Math.max(0, Math.min(1, (study.score.get(row) - scores.low) / span));
    path += `${study.parent.get(row) === last && last >= 0 ? 'L' : 'M'}${x.toFixed(1)},${(ceiling - part * (ceiling - floor)).toFixed(1)}h.01`;
    last = row;
  });
  const stroke = rows.length === 0 ? 'none' : (ramp()[scores.bin(rows.at(-1) as number)] as string);
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, class: 'spark', 'aria-hidden': 'true' }, svg('path', { d: path, fill: 'none', stroke, 'stroke-width': 1.75, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }));
}
