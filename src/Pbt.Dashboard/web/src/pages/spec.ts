import { fill, h } from '../view/dom';
import type { StudyContext, View } from './page';

/** What the study is to do. */
export class SpecPage implements View {
  readonly element = h('div', { class: 'stack' });
  private shown: unknown = null;

  constructor(private readonly context: StudyContext) {}

  update(): void {
    const spec = this.context.study().spec;
    if (spec === null || spec === this.shown) return;
    this.shown = spec;
    const rows = spec.space.map((definition) => h('tr', {}, h('th', { scope: 'row' }, definition.name), h('td', {}, definition.words), h('td', {}, definition.scale?.replaceAll('_', ' ') ?? '-')));
    fill(
      this.element,
      h('section', { class: 'card' }, h('h2', {}, 'Hyperparameters'), h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, h('tr', {}, h('th', {}, 'name'), h('th', {}, 'values'), h('th', {}, 'scale'))), h('tbody', {}, ...rows)))),
      h('section', { class: 'card' }, h('h2', {}, 'Spec, with every default'), h('pre', { tabindex: 0 }, JSON.stringify(spec.canonical, null, 2))),
    );
  }

  dispose(): void {
    // It holds nothing.
  }
}
