import type { Source } from '../data/source';
import { keepToken } from '../data/token';
import type { KnownSummary } from '../data/wire';
import { add, fill, h, setText } from '../view/dom';
import { count, duration, score, short } from '../view/format';
import { address } from './page';

type Action = 'pause' | 'resume' | 'stop';

const tabs = [
  ['', 'Overview'],
  ['hyperparameters', 'Hyperparameters'],
  ['lineage', 'Lineage'],
  ['members', 'Members'],
  ['workers', 'Workers'],
  ['events', 'Events'],
  ['spec', 'Spec'],
] as const;

/** A study's name, state and progress, what may be done with it, and the way to its pages. */
export class StudyHeader {
  readonly element: HTMLElement;
  private readonly name = h('h1');
  private readonly state = h('span', { class: 'state' });
  private readonly progress = h('progress', { max: 1, value: 0, 'aria-label': 'Progress' });
  private readonly left = h('span', { class: 'muted' });
  private readonly reason = h('p', { class: 'reason' });
  private readonly tiles = h('dl', { class: 'tiles' });
  private readonly said = h('p', { class: 'said', role: 'status' });
  private readonly buttons: Record<Action, HTMLButtonElement>;
  private readonly controls = h('div', { class: 'controls' });
  private readonly nav = h('nav', { 'aria-label': 'Study' });

  constructor(private readonly source: Source, private readonly index: number, private readonly reconnect: () => void) {
    this.buttons = {
      pause: h('button', { click: () => void this.ask('pause') }, 'Pause'),
      resume: h('button', { click: () => void this.ask('resume') }, 'Resume'),
      stop: h('button', { class: 'danger', click: () => this.confirm() }, 'Stop'),
    };
    for (const [page, text] of tabs) add(this.nav, h('a', { href: address(index, page), 'data-page': page }, text));
    this.element = h(
      'div',
      { class: 'study-head' },
      h('div', { class: 'title' }, this.name, this.state, h('div', { class: 'progress' }, this.progress, this.left), this.controls),
      this.reason,
      this.said,
      this.tiles,
      this.nav,
    );
  }

  /** Shows which page is open. */
  mark(page: string): void {
    for (const link of this.nav.children) {
      if (link.getAttribute('data-page') === page) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  update(summary: KnownSummary): void {
    setText(this.name, summary.name);
    setText(this.state, summary.state);
    this.state.className = `state ${summary.state}`;
    this.progress.hidden = summary.fraction === null;
    this.progress.value = summary.fraction ?? 0;
    const percent = summary.fraction === null ? '' : `${Math.floor(100 * summary.fraction)} %`;
    const left = summary.left_seconds === null ? '' : `, about ${duration(summary.left_seconds)} left`;
    setText(this.left, `${percent}${left}`);
    setText(this.reason, summary.problem ?? summary.reason ?? '');
    this.reason.hidden = this.reason.textContent === '';
    this.reason.classList.toggle('bad', summary.problem !== null || summary.state === 'failed');
    this.showTiles(summary);
    this.showControls(summary);
  }

  private showTiles(summary: KnownSummary): void {
    const best = summary.best;
    const tiles: [string, string | Node, string][] = [
      [`best ${summary.metric}`, score(best?.score), best === null ? 'no interval yet' : `m${best.member} at interval ${best.interval}`],
      ['intervals', count(summary.completed), summary.budget === null ? 'completed' : `of ${count(summary.budget)}`],
      ['running', count(summary.running), `${count(summary.workers)} ${summary.workers === 1 ? 'worker' : 'workers'}, ${count(summary.slots)} ${summary.slots === 1 ? 'slot' : 'slots'}`],
      ['exploits', count(summary.exploits), summary.rescues > 0 ? `and ${count(summary.rescues)} rescues` : 'among the members'],
      ['failed intervals', count(summary.failed), summary.vanished.length > 0 ? `${count(summary.vanished.length)} workers vanished` : 'of all members'],
      ['trainer steps', short(summary.total_steps), `${duration(summary.active_seconds)} active`],
    ];
    fill(this.tiles, ...tiles.map(([name, figure, below]) => h('div', {}, h('dt', { title: name }, name), h('dd', {}, figure), h('dd', { class: 'muted' }, below))));
  }

  private showControls(summary: KnownSummary): void {
    const hasEnded = summary.state === 'completed' || summary.state === 'failed' || summary.state === 'stopped';
    const apply: Record<Action, boolean> = {
      pause: summary.state === 'running' || summary.state === 'created',
      resume: summary.state === 'paused' || summary.state === 'stopped' || summary.state === 'failed',
      stop: !hasEnded,
    };
    const wanted = this.source.connection === 'report' || summary.state === 'completed' ? [] : this.source.mayControl ? (['pause', 'resume', 'stop'] as const).filter((action) => apply[action]).map((action) => this.buttons[action]) : ['token' as const];
    const shown = wanted.map((one) => (one === 'token' ? 'token' : one.textContent)).join();
    if (shown === this.controls.dataset['shown']) return;
    this.controls.dataset['shown'] = shown;
    fill(this.controls, ...wanted.map((one) => (one === 'token' ? tokenForm(this.reconnect) : one)));
  }

  private async ask(action: Action): Promise<void> {
    this.said.textContent = '';
    try {
      const outcome = await this.source.control(this.index, action);
      this.said.textContent = outcome.applied ? `The study ${outcome.text}.` : `Not done: the study ${outcome.text}.`;
    } catch (error) {
      this.said.textContent = `Not done: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private confirm(): void {
    const dialog = h(
      'dialog',
      { 'aria-label': 'Stop the study?' },
      h('p', {}, 'Stop the study? Attempts that are running are given up. It can be resumed.'),
      h('form', { method: 'dialog' }, h('button', { value: 'stop', class: 'danger' }, 'Stop'), h('button', { value: 'no' }, 'Go on')),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (dialog.returnValue === 'stop') void this.ask('stop');
      this.buttons.stop.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
  }
}

/** Where the token is typed in, if the page was not opened with it. */
export function tokenForm(reconnect: () => void): HTMLElement {
  const input = h('input', { type: 'password', autocomplete: 'off', 'aria-label': 'Token', placeholder: 'Token, to control it' });
  const form = h('form', { class: 'token' }, input, h('button', {}, 'Use'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    keepToken(input.value.trim());
    input.value = '';
    reconnect();
  });
  return form;
}
