import type { StudyData } from '../data/study';
import type { Scales } from './plot';

/** Where each completed interval is in a picture. */
export class Points {
  readonly x: Float32Array;
  readonly y: Float32Array;

  constructor(study: StudyData, scales: Scales, xOf: (row: number) => number, yOf: (row: number) => number) {
    this.x = new Float32Array(study.rows);
    this.y = new Float32Array(study.rows);
    for (let row = 0; row < study.rows; row++) {
      const there = study.isCompleted(row);
      this.x[row] = there ? scales.x(xOf(row)) : NaN;
      this.y[row] = there ? scales.y(yOf(row)) : NaN;
    }
  }

  has(row: number): boolean {
    return row >= 0 && !Number.isNaN(this.x[row]) && !Number.isNaN(this.y[row]);
  }

  /** The row nearest to a place, or −1 if none is near. */
  nearest(x: number, y: number, reach: number): number {
    let [found, least] = [-1, reach * reach];
    for (let row = 0; row < this.x.length; row++) {
      const [dx, dy] = [(this.x[row] as number) - x, (this.y[row] as number) - y];
      const distance = dx * dx + dy * dy;
      if (distance < least) [found, least] = [row, distance];
    }
    return found;
  }
}

/** Squares of a grid that have points in them, each with the best colour of its points: a picture whose size does not grow with the study. */
export function cells(points: Points, binOf: (row: number) => number, size: number): Map<number, { x: number; y: number }[]> {
  const best = new Map<number, number>();
  const columns = 4096;
  for (let row = 0; row < points.x.length; row++) {
    if (!points.has(row)) continue;
    const cell = Math.floor((points.y[row] as number) / size) * columns + Math.floor((points.x[row] as number) / size);
    const bin = binOf(row);
    const known = best.get(cell);
    if (known === undefined || known < bin) best.set(cell, bin);
  }
  const byBin = new Map<number, { x: number; y: number }[]>();
  for (const [cell, bin] of best) {
    const place = { x: (cell % columns) * size, y: Math.floor(cell / columns) * size + size / 2 };
    const known = byBin.get(bin);
    if (known === undefined) byBin.set(bin, [place]);
    else known.push(place);
  }
  return byBin;
}
