import type { RowChart } from '../charts/rows';
import { ScoreChart } from '../charts/score';
import { h } from '../view/dom';
import { NewsList } from './events';
import { alongChoice, chosenAlong, type StudyContext, type View } from './page';
import { MemberTable } from './members';

const shownNews = 12;
const shownMembers = 10;

/** The study at a glance: scores, the best members, what happened last. */
export class Overview implements View {
  readonly element: HTMLElement;
  private readonly chart: ScoreChart;
  private readonly members: MemberTable;
  private readonly news: NewsList;

  constructor(context: StudyContext) {
    this.chart = new ScoreChart('Score', context, 380);
    this.chart.setAlong(chosenAlong());
    this.members = new MemberTable(context, shownMembers);
    this.news = new NewsList(context, shownNews);
    this.element = h(
      'div',
      { class: 'stack' },
      alongChoice(() => [this.chart]),
      this.chart.element,
      h('div', { class: 'pair' }, this.members.element, this.news.element),
    );
  }

  update(): void {
    this.chart.invalidate();
    this.members.update();
    this.news.update();
  }

  dispose(): void {
    this.chart.dispose();
  }
}

/** The pictures of one kind on a page of their own. */
export class Charts implements View {
  readonly element: HTMLElement;

  constructor(private readonly charts: readonly RowChart[], columns: boolean) {
    for (const chart of charts) chart.setAlong(chosenAlong());
    this.element = h('div', { class: 'stack' }, alongChoice(() => charts), h('div', { class: columns ? 'grid' : 'stack' }, ...charts.map((chart) => chart.element)));
  }

  update(): void {
    for (const chart of this.charts) chart.invalidate();
  }

  dispose(): void {
    for (const chart of this.charts) chart.dispose();
  }
}
