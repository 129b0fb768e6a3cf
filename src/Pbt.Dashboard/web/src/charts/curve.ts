import { fill } from '../view/dom';
import { digits, short } from '../view/format';
import { color } from '../view/theme';
import { ChartCard } from './card';
import { frame, Strokes } from './plot';
import { extent } from './scores';

/** One measurement of one member by its intervals. */
export class Curve extends ChartCard {
  private values: (number | null)[] = [];

  /** Shows these values; the first is of interval 1. */
  show(values: (number | null)[]): void {
    this.values = values;
    this.invalidate();
  }

  protected draw(width: number): void {
    const range = extent(this.values.length, (i) => this.values[i] ?? NaN);
    if (range === null) {
      this.empty('No value yet.');
      return;
    }
    const margin = (range[1] - range[0]) * 0.06 || Math.abs(range[1]) * 0.1 || 1;
    const drawn = frame({
      width,
      height: 170,
      label: this.title,
      x: { label: 'interval', domain: [1, Math.max(2, this.values.length)], format: short },
      y: { label: '', domain: [range[0] - margin, range[1] + margin], format: (value) => digits(value, 4) },
      draw: (scales) => {
        const strokes = new Strokes();
        let isOn = false;
        this.values.forEach((value, i) => {
          if (value !== null) {
            const [x, y] = [scales.x(i + 1), scales.y(value)];
            if (isOn) strokes.line(x, y);
            else strokes.move(x, y).line(x, y);
          }
          isOn = value !== null;
        });
        return [strokes.path(color('link'), 1.75)];
      },
    });
    fill(this.canvas, drawn.element);
  }
}
