import * as Plot from '@observablehq/plot';
import { svg } from '../view/dom';
import { duration } from '../view/format';

/** Maps data to pixels. */
export interface Scales {
  x(value: number): number;
  y(value: number): number;
}

/** A linear scale as its numbers: pixels are origin + slope × value. */
export interface Linear {
  readonly origin: number;
  readonly slope: number;
}

/** The numbers of a scale that is linear, for loops over many values. */
export function linear(scale: (value: number) => number, [low, high]: [number, number]): Linear {
  const slope = (scale(high) - scale(low)) / (high - low);
  return { origin: scale(low) - slope * low, slope };
}

/** One axis. */
export interface Axis {
  label: string;
  domain?: [number, number];
  type?: 'linear' | 'log' | 'utc';
  ticks?: number;
  format?: (value: number) => string;

  /** Named places in the stead of a scale of numbers, from 0. */
  names?: string[];
}

export interface Frame {
  width: number;
  height: number;
  x: Axis;
  y: Axis;
  marginLeft?: number;
  marginRight?: number;
  marginBottom?: number;
  grid?: boolean;
  label: string;

  /** Draws what is inside the axes. */
  draw: (scales: Scales) => SVGElement[];
}

export interface Drawn {
  element: SVGSVGElement;
  scales: Scales;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const marginTop = 26;

/** Draws axes with Observable Plot, and into them what a function makes of their scales. */
export function frame(options: Frame): Drawn {
  const { marginLeft = 56, marginRight = 16, marginBottom = 36 } = options;
  let scales: Scales | null = null;
  const mark = (_index: unknown, given: { x?: (value: number) => number; y?: (value: number) => number }): SVGElement => {
    const found: Scales = { x: given.x ?? ((v) => v), y: given.y ?? ((v) => v) };
    scales = found;
    return svg('g', { class: 'marks', fill: 'none', 'text-anchor': 'start', 'stroke-linejoin': 'round', 'stroke-linecap': 'round' }, ...options.draw(found));
  };
  const element = Plot.plot({
    className: 'plot',
    width: options.width,
    height: options.height,
    marginLeft,
    marginBottom,
    marginTop,
    marginRight,
    ariaLabel: options.label,
    style: { overflow: 'visible' },
    x: scale(options.x, options.width / 110),
    y: scale(options.y, options.height / 60),
    marks: [
      options.grid === false ? null : Plot.gridY({ strokeOpacity: 0.12, ...(options.y.type === 'log' ? { ticks: decades(options.y.domain ?? [1, 10]) } : {}) }),
      axis(options.x, 'x'),
      axis(options.y, 'y'),
      mark as unknown as Plot.Markish,
    ],
  }) as SVGSVGElement;

  // The page's own style sheet has what Plot would put into a <style>, which the page's policy forbids.
  for (const style of element.querySelectorAll('style')) style.remove();
  return {
    element,
    scales: scales ?? { x: (v) => v, y: (v) => v },
    left: marginLeft,
    right: options.width - marginRight,
    top: marginTop,
    bottom: options.height - marginBottom,
  };
}

function scale(axis: Axis, ticks: number): Plot.ScaleOptions {
  return {
    type: axis.type ?? 'linear',
    ...(axis.domain === undefined ? {} : { domain: axis.domain }),
    ticks: axis.ticks ?? Math.max(2, Math.round(ticks)),
    nice: false,
  };
}

function axis(given: Axis, side: 'x' | 'y'): Plot.Markish {
  const { names, format } = given;
  const options = {
    label: given.label,
    labelArrow: 'none' as const,
    tickSize: 4,
    ...(names === undefined ? {} : { ticks: names.map((_, i) => i), tickFormat: (i: number) => names[i] ?? '' }),
    ...(names === undefined && format !== undefined ? { tickFormat: format } : {}),
  };
  return side === 'x' ? Plot.axisX({ ...options, labelAnchor: 'right' }) : Plot.axisY({ ...options, labelAnchor: 'top' });
}

/** The powers of ten between two numbers, for a grid that is not too dense. */
function decades(domain: [number, number]): number[] {
  const [low, high] = [Math.min(...domain), Math.max(...domain)];
  const powers: number[] = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.log10(high) + 1e-9; power++) powers.push(10 ** power);
  return powers;
}

/** An axis of seconds since the study began. */
export function timeAxis(domain: [number, number]): Axis & { domain: [number, number] } {
  const format = domain[1] - domain[0] < 30 ? (seconds: number): string => `${Math.round(seconds * 10) / 10}s` : duration;
  return { label: 'time since the study began', domain, format };
}

/** A path of many strokes, its numbers rounded to a tenth of a pixel. */
export class Strokes {
  private readonly parts: string[] = [];

  get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  move(x: number, y: number): this {
    this.parts.push('M', tenth(x), ',', tenth(y));
    return this;
  }

  line(x: number, y: number): this {
    this.parts.push('L', tenth(x), ',', tenth(y));
    return this;
  }

  /** Goes on by a curve that leaves and arrives level. */
  bend(x0: number, y0: number, x1: number, y1: number): this {
    const middle = tenth((x0 + x1) / 2);
    this.parts.push('C', middle, ',', tenth(y0), ' ', middle, ',', tenth(y1), ' ', tenth(x1), ',', tenth(y1));
    return this;
  }

  level(x0: number, x1: number, y: number): this {
    this.parts.push('M', tenth(x0), ',', tenth(y), 'H', tenth(x1));
    return this;
  }

  path(stroke: string, width: number, attributes: Record<string, string | number> = {}): SVGPathElement {
    return svg('path', { d: this.parts.join(''), stroke, 'stroke-width': width, ...attributes });
  }
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
