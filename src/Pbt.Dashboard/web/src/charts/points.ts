import { Strokes } from './plot';

/** Where each completed interval is in a picture. */
export class Points {
  /**
   * @param x Each row's place from the left, in pixels; NaN for one that is not shown.
   * @param y That from the top.
   */
  constructor(readonly x: Float32Array, readonly y: Float32Array) {}

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

/** No picture is larger, in pixels. */
const mostPixels = 8192;

/**
 * The squares of a grid that have points in them, each in the best colour of its points, as strokes by colour: a picture whose size
 * does not grow with the study. Neighbours of one colour are one stroke.
 */
export function dots(points: Points, bins: Uint8Array, size: number): Map<number, Strokes> {
  const columns = Math.ceil(mostPixels / size);
  const best = new Uint8Array(columns * columns);
  let [right, bottom] = [0, 0];
  for (let row = 0; row < points.x.length; row++) {
    const [x, y] = [points.x[row] as number, points.y[row] as number];
    if (!(x >= 0 && x < mostPixels && y >= 0 && y < mostPixels)) continue;
    const [column, line] = [Math.floor(x / size), Math.floor(y / size)];
    if (column > right) right = column;
    if (line > bottom) bottom = line;
    const cell = line * columns + column;
    const bin = (bins[row] as number) + 1;
    if (bin > (best[cell] as number)) best[cell] = bin;
  }
  const byBin = new Map<number, Strokes>();
  for (let line = 0; line <= bottom; line++) {
    for (let column = 0; column <= right; column++) {
      const bin = best[line * columns + column] as number;
      if (bin === 0) continue;
      const from = column;
      while (column < right && best[line * columns + column + 1] === bin) column++;
      let strokes = byBin.get(bin - 1);
      if (strokes === undefined) byBin.set(bin - 1, (strokes = new Strokes()));
      strokes.level(from * size, (column + 1) * size, line * size + size / 2);
    }
  }
  return byBin;
}
