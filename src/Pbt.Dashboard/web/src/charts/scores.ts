import { mapped } from '../data/columns';
import { perVersion } from '../data/memo';
import type { StudyData } from '../data/study';
import { ramp } from '../view/theme';

/** Where a score lies between the study's poor ones and its best: which of the colours it has. */
export interface ScoreScale {
  readonly low: number;
  readonly high: number;
  bin(row: number): number;

  /** The colour of every row. */
  bins(): Uint8Array;
}

const mostSampled = 4000;

/** The scale of a study's scores. Its lower end passes over the worst twentieth, so that one crash does not take all the colours. */
export const scoreScale = perVersion((study): ScoreScale => {
  const [low, high] = range(study);
  const colors = ramp().length;
  const sign = study.sign;
  const binOf = (compared: number): number =>
    high === low ? colors - 1 : Math.max(0, Math.min(colors - 1, Math.floor(((sign * compared - low) / (high - low)) * colors)));
  let bins: Uint8Array | null = null;
  return {
    low: sign > 0 ? low : -high,
    high: sign > 0 ? high : -low,
    bin: (row) => binOf(study.compared.get(row)),
    bins: () => (bins ??= mapped(study.compared.values, new Uint8Array(study.rows), binOf)),
  };
});

/** The fitness of the worst, but for a twentieth, and of the best. */
function range(study: StudyData): [number, number] {
  const fitness: number[] = [];
  const step = Math.max(1, Math.floor(study.rows / mostSampled));
  let best = -Infinity;
  for (let row = 0; row < study.rows; row++) {
    if (!study.isCompleted(row)) continue;
    const value = study.sign * study.compared.get(row);
    if (value > best) best = value;
    if (row % step === 0) fitness.push(value);
  }
  if (best === -Infinity) return [0, 1];
  fitness.sort((a, b) => a - b);
  return [fitness[Math.floor(fitness.length / 20)] ?? best, best];
}

/** The least and the greatest of some numbers that are finite, or null if there are none. */
export function extent(count: number, valueOf: (index: number) => number): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const value = valueOf(i);
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? null : [low, high];
}
