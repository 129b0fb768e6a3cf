import { add, fill, h } from '../view/dom';
import { shown } from '../view/timing';

/** A picture in a frame with a title, drawn anew when its data or its width changes. */
export abstract class ChartCard {
  readonly element: HTMLElement;
  protected readonly canvas: HTMLElement;
  protected readonly tools: HTMLElement;
  protected readonly caption: HTMLElement;
  private readonly observer: ResizeObserver;
  private scheduled = 0;
  private width = 0;

  constructor(readonly title: string) {
    this.tools = h('div', { class: 'tools' });
    this.canvas = h('div', { class: 'canvas' });
    this.caption = h('figcaption');
    const save = h('button', { class: 'quiet', title: 'Save this picture as an SVG file', click: () => this.save() }, 'SVG');
    this.element = h(
      'figure',
      { class: 'card chart' },
      h('div', { class: 'card-head' }, h('h2', {}, title), this.tools, save),
      this.canvas,
      this.caption,
    );
    this.observer = new ResizeObserver(() => {
      if (Math.floor(this.canvas.clientWidth) !== this.width) this.invalidate();
    });
    this.observer.observe(this.canvas);
  }

  /** Draws again before the next frame. */
  invalidate(): void {
    this.scheduled ||= requestAnimationFrame(() => {
      this.scheduled = 0;
      this.width = Math.floor(this.canvas.clientWidth);
      if (this.width === 0) return;
      this.draw(this.width);
      shown();
    });
  }

  /** Lets go of what it holds. */
  dispose(): void {
    cancelAnimationFrame(this.scheduled);
    this.observer.disconnect();
  }

  protected abstract draw(width: number): void;

  /** Says that there is nothing to draw yet. */
  protected empty(text: string): void {
    fill(this.canvas, h('p', { class: 'empty' }, text));
  }

  /** Buttons of which one is chosen. */
  protected choice<T extends string>(label: string, options: readonly { value: T; text: string }[], chosen: T, choose: (value: T) => void): void {
    const group = h('div', { class: 'choice', role: 'group', 'aria-label': label });
    for (const option of options) {
      const button = h('button', { class: 'quiet', 'aria-pressed': String(option.value === chosen), click: pick }, option.text);
      add(group, button);
      function pick(): void {
        for (const other of group.children) other.setAttribute('aria-pressed', String(other === button));
        choose(option.value);
      }
    }
    add(this.tools, group);
  }

  private save(): void {
    const drawn = this.canvas.querySelector('svg');
    if (drawn === null) return;
    const copy = drawn.cloneNode(true) as SVGSVGElement;
    const style = getComputedStyle(document.body);
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('style', `color: ${style.color}; background: ${style.backgroundColor}; font: 11px sans-serif`);
    const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }));
    h('a', { href: address, download: `${this.title.toLowerCase().replaceAll(/[^\w]+/g, '-')}.svg` }).click();
    URL.revokeObjectURL(address);
  }
}
