import type { News, NewsKind } from '../data/wire';
import { h, setText } from '../view/dom';
import { clock, count } from '../view/format';
import { address, type StudyContext, type View } from './page';

const kinds: readonly { kind: NewsKind | 'all'; text: string }[] = [
  { kind: 'all', text: 'All' },
  { kind: 'inheritance', text: 'Exploits' },
  { kind: 'best', text: 'Best scores' },
  { kind: 'failure', text: 'Failures' },
  { kind: 'worker', text: 'Workers' },
  { kind: 'study', text: 'Study' },
];

/** What happened, in words, latest first. */
export class NewsList implements View {
  readonly element: HTMLElement;
  private readonly list = h('ol', { class: 'news', 'aria-label': 'Events' });
  private readonly note = h('p', { class: 'muted note' });
  private kind: NewsKind | 'all' = 'all';
  private shown = -1;

  /** What is in the list, earliest first. */
  private entries = new Map<News, HTMLElement>();

  constructor(private readonly context: StudyContext, private readonly most = Infinity) {
    const isWhole = most === Infinity;
    this.element = h(
      'section',
      { class: 'card' },
      h('div', { class: 'card-head' }, h('h2', {}, isWhole ? 'Events' : 'Latest events'), isWhole ? this.choice() : h('a', { href: address(context.index, 'events') }, 'All events')),
      this.list,
      this.note,
    );
  }

  update(): void {
    const study = this.context.study();
    if (study.version === this.shown) return;
    this.shown = study.version;
    const found = study.news.filter((news) => this.kind === 'all' || news.kind === this.kind);
    this.show(this.most === Infinity ? found : found.slice(-this.most));
    const hidden = study.said - study.news.length;
    setText(this.note, found.length === 0 ? 'Nothing yet.' : hidden > 0 && this.most === Infinity ? `${count(hidden)} earlier ones are not shown; the study’s log has them.` : '');
  }

  dispose(): void {
    // It holds nothing.
  }

  /** Puts what is new on top, and takes away what is no longer shown. */
  private show(found: readonly News[]): void {
    const next = new Map(found.map((news) => [news, this.entries.get(news) ?? this.entry(news)]));
    const fresh = [...next].filter(([news]) => !this.entries.has(news)).map(([, entry]) => entry);
    for (const [news, entry] of this.entries) {
      if (!next.has(news)) entry.remove();
    }
    this.list.prepend(...fresh.reverse());
    this.entries = next;
  }

  private entry(news: News): HTMLElement {
    const at = this.context.study().origin + news.time;
    return h('li', { class: news.kind }, h('time', { datetime: new Date(at).toISOString() }, clock(at)), ...linked(news.text, this.context.index));
  }

  private choice(): HTMLElement {
    const group = h('div', { class: 'choice', role: 'group', 'aria-label': 'Which events' });
    for (const { kind, text } of kinds) {
      const button = h('button', { class: 'quiet', 'aria-pressed': String(kind === 'all'), click: () => {
        this.kind = kind;
        this.shown = -1;
        this.entries.clear();
        this.list.replaceChildren();
        for (const other of group.children) other.setAttribute('aria-pressed', String(other === button));
        this.update();
      } }, text);
      group.append(button);
    }
    return group;
  }
}

/** A text in which members are links to their pages. */
function linked(text: string, study: number): Node[] {
  return text.split(/\b(m\d+)(?=\b)/).map((part, i) => (i % 2 === 1 ? h('a', { href: address(study, part) }, part) : document.createTextNode(part)));
}
