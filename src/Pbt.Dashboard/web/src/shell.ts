import { HyperChart } from './charts/hyper';
import { LineageChart } from './charts/lineage';
import { LiveSource, type ReportSource, type Source } from './data/source';
import { NewsList } from './pages/events';
import { StudyHeader, tokenForm } from './pages/header';
import { MemberPage } from './pages/member';
import { MemberTable } from './pages/members';
import { Charts, Overview } from './pages/overview';
import { address, type StudyContext, type View } from './pages/page';
import { SpecPage } from './pages/spec';
import { label, StudiesPage } from './pages/studies';
import { WorkersPage } from './pages/workers';
import { fill, h, setText } from './view/dom';
import { date } from './view/format';
import { startTheme, switchTheme } from './view/theme';
import { shown } from './view/timing';

interface Place {
  study: number | null;
  page: string;
}

const connections = { connecting: 'connecting …', live: 'live', lost: 'no connection: trying again', refused: 'the token is needed', report: 'report' };

/** The page: which study and which of its views the address names, kept up to date. */
export class Shell {
  private readonly source: Source;
  private readonly main = h('main', { id: 'main', tabindex: -1 });
  private readonly studies = h('nav', { class: 'studies', 'aria-label': 'Studies' });
  private readonly connection = h('span', { class: 'connection', role: 'status' });
  private place: Place = { study: null, page: '' };
  private header: StudyHeader | null = null;
  private view: View | null = null;
  private scheduled = 0;
  private loaded = '';

  constructor(root: HTMLElement, report: ReportSource | null) {
    this.source = report ?? new LiveSource(() => this.schedule());
    if (report !== null) this.connection.title = `Made ${date(report.made)}`;
    const skip = h('a', { class: 'skip', href: '#main', click: (event: MouseEvent) => {
      event.preventDefault();
      this.main.focus();
    } }, 'To the content');
    const theme = h('button', { class: 'quiet', title: 'Light or dark', 'aria-label': 'Light or dark', click: () => {
      switchTheme();
      this.open();
    } }, '◐');
    fill(root, skip, h('header', { class: 'top' }, h('a', { class: 'brand', href: '#/' }, 'pbt'), this.studies, this.connection, theme), this.main);
    startTheme(() => this.open());
    addEventListener('hashchange', () => this.open());
    this.open();
  }

  private get known(): number {
    return this.source.summaries.length;
  }

  /** Shows what the address names. */
  private open(): void {
    const last = this.place;
    this.place = parse(location.hash, this.known);
    this.view?.dispose();
    this.view = null;
    this.header = null;
    this.source.watch(this.place.study === null ? this.source.summaries.map((summary) => summary.study) : [this.place.study]);
    if (last.study !== this.place.study || last.page !== this.place.page) scrollTo(0, 0);
    this.update();
  }

  private schedule(): void {
    this.scheduled ||= requestAnimationFrame(() => {
      this.scheduled = 0;
      this.update();
    });
  }

  private update(): void {
    const studies = this.source.summaries.map((summary) => `${label(summary, this.source)}\n${summary.directory}`).join('\n\n');
    if (studies !== this.loaded) {
      this.loaded = studies;
      this.showStudies();
      this.open();
      return;
    }
    setText(this.connection, connections[this.source.connection]);
    this.connection.dataset['is'] = this.source.connection;
    if (this.source.connection === 'refused') {
      fill(this.main, h('section', { class: 'card lead' }, h('p', {}, 'This server asks for its token: open the address that `pbt dashboard` printed, or give the token here.'), tokenForm(() => this.reconnect())));
      this.view = null;
      this.header = null;
      return;
    }
    if (this.known === 0) {
      fill(this.main, h('p', { class: 'lead' }, 'Connecting …'));
      return;
    }
    if (this.place.study === null) this.showAll();
    else this.showStudy(this.place.study);
  }

  private showStudies(): void {
    const links = this.source.summaries.map((summary) => h('a', { href: address(summary.study), 'data-study': summary.study, title: summary.directory }, label(summary, this.source)));
    fill(this.studies, ...(this.known > 1 ? [h('a', { href: '#/', 'data-study': '' }, 'All studies')] : []), ...links);
  }

  private showAll(): void {
    document.title = `${this.known} studies · pbt`;
    this.mark();
    if (this.view === null) {
      this.view = new StudiesPage(this.source);
      fill(this.main, this.view.element);
    }
    this.view.update();
  }

  private showStudy(index: number): void {
    const summary = this.source.summaries[index];
    const study = this.source.study(index);
    this.mark();
    if (summary === undefined || !summary.exists || study === null || study.spec === null) {
      const text = summary?.problem ?? (summary === undefined ? 'There is no such study.' : summary.exists || summary.loading ? 'Reading the study …' : 'The study was not created yet: `pbt run` creates it.');
      fill(this.main, h('p', { class: 'lead' }, text));
      this.view = null;
      this.header = null;
      return;
    }
    document.title = `${summary.name} · pbt`;
    if (this.header === null || this.view === null) {
      this.header = new StudyHeader(this.source, index, () => this.reconnect());
      this.header.mark(this.place.page);
      this.view = this.make(index);
      fill(this.main, this.header.element, this.view.element);
    }
    this.header.update(summary);
    this.view.update();
    if (this.view.element.querySelector('.chart') === null) shown();
  }

  private make(index: number): View {
    const context: StudyContext = {
      source: this.source,
      index,
      study: () => {
        const found = this.source.study(index);
        if (found === null) throw new Error('the study is not there yet');
        return found;
      },
      now: () => this.now(index),
      open: (member) => (location.hash = address(index, `m${member}`)),
    };
    const page = this.place.page;
    if (/^m\d+$/.test(page)) return new MemberPage(context, Number(page.slice(1)));
    switch (page) {
      case 'hyperparameters':
        return new Charts(context.study().space.map((_, i) => new HyperChart(context, i)), true);
      case 'lineage':
        return new Charts([new LineageChart(context)], false);
      case 'members':
        return new MemberTable(context);
      case 'workers':
        return new WorkersPage(context);
      case 'events':
        return new NewsList(context);
      case 'spec':
        return new SpecPage(context);
      default:
        return new Overview(context);
    }
  }

  /** Where a study's clock stands: at its last event once nothing runs. */
  private now(index: number): number {
    const [summary, study] = [this.source.summaries[index], this.source.study(index)];
    if (summary?.exists !== true || study === null) return 0;
    const isOver = this.source.connection === 'report' || summary.running === 0;
    return (isOver ? Date.parse(summary.updated) : this.source.now) - study.origin;
  }

  private mark(): void {
    for (const link of this.studies.children) {
      if (link.getAttribute('data-study') === String(this.place.study ?? '')) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  private reconnect(): void {
    if (this.source instanceof LiveSource) this.source.reconnect();
  }
}

/** What an address names: `#/0/members` is the members of study 0. */
function parse(hash: string, studies: number): Place {
  const [, study, page] = /^#\/(\d+)(?:\/([\w-]*))?$/.exec(hash) ?? [];
  if (study !== undefined) return { study: Number(study), page: page ?? '' };
  return { study: studies === 1 ? 0 : null, page: '' };
}

/** Shows why nothing can be shown. */
export function showError(root: HTMLElement, error: unknown): void {
  fill(root, h('p', { class: 'lead' }, `The page cannot be shown: ${error instanceof Error ? error.message : String(error)}`));
}
