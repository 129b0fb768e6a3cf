import { StudyData } from './study';
import { headers } from './token';
import { readEvents } from './stream';
import { arrived } from '../view/timing';
import type { ChangeMessage, MemberDetails, Report, Summary, SummaryMessage } from './wire';

/** What is known of whether the data is up to date. */
export type Connection = 'connecting' | 'live' | 'lost' | 'refused' | 'report';

/** Where the page's data comes from: a server, or the report that the page is in. */
export interface Source {
  readonly summaries: Summary[];
  readonly connection: Connection;
  readonly mayControl: boolean;

  /** The server's clock when it last spoke, in milliseconds. */
  readonly now: number;

  /** What is known of a study; null before the first of it has come. */
  study(index: number): StudyData | null;

  /** Says which studies are shown, and so followed. */
  watch(studies: number[]): void;

  details(study: number, member: number, attempt?: { interval: number; attempt: number }): Promise<MemberDetails>;

  /** Asks for a change and says what came of it. */
  control(study: number, action: 'pause' | 'resume' | 'stop'): Promise<{ applied: boolean; text: string }>;
}

/** What both kinds of source keep. */
class Known {
  summaries: Summary[] = [];
  now = Date.now();
  protected readonly studies = new Map<number, StudyData>();

  study(index: number): StudyData | null {
    return this.studies.get(index) ?? null;
  }

  protected summarize(message: SummaryMessage): void {
    this.summaries = message.studies;
    this.now = message.now;
  }

  protected change(message: ChangeMessage): void {
    let study = this.studies.get(message.study);
    if (study === undefined || study.generation !== message.generation || message.change.after !== study.version) {
      study = new StudyData(message.study, message.generation);
      this.studies.set(message.study, study);
    }
    study.apply(message.change);
  }
}

const mostWait = 5000;

/** A server that is followed for as long as the page is open. */
export class LiveSource extends Known implements Source {
  connection: Connection = 'connecting';
  mayControl = false;
  private watched: number[] = [];
  private abort = new AbortController();

  constructor(private readonly changed: () => void) {
    super();
    void this.follow();
  }

  watch(studies: number[]): void {
    if (studies.length === this.watched.length && studies.every((study, i) => study === this.watched[i])) return;
    this.watched = studies;
    this.reconnect();
  }

  /** Asks again, with the token that there is now. */
  reconnect(): void {
    this.abort.abort();
  }

  async details(study: number, member: number, attempt?: { interval: number; attempt: number }): Promise<MemberDetails> {
    const query = attempt === undefined ? '' : `?interval=${attempt.interval}&attempt=${attempt.attempt}`;
    const response = await fetch(`api/studies/${study}/members/${member}${query}`, { headers: headers() });
    if (!response.ok) throw new Error((await response.text()).trim());
    return (await response.json()) as MemberDetails;
  }

  async control(study: number, action: 'pause' | 'resume' | 'stop'): Promise<{ applied: boolean; text: string }> {
    const response = await fetch(`api/studies/${study}/${action}`, { method: 'POST', headers: headers() });
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    if (isJson) return (await response.json()) as { applied: boolean; text: string };
    return { applied: false, text: (await response.text()).trim() };
  }

  private async follow(): Promise<never> {
    for (let wait = 0; ; wait = Math.min(mostWait, 2 * wait + 250)) {
      this.abort = new AbortController();
      try {
        if (await this.mayRead()) {
          await this.listen(() => (wait = 0));
        } else {
          this.say('refused');
        }
      } catch {
        // The server is away, or another study is wanted; either way the next round asks again.
      }
      if (this.abort.signal.aborted) {
        wait = 0;
        continue;
      }
      if (this.connection !== 'refused') this.say('lost');
      const aborted = this.abort.signal;
      await new Promise((resolve) => {
        setTimeout(resolve, wait);
        aborted.addEventListener('abort', resolve);
      });
    }
  }

  private async mayRead(): Promise<boolean> {
    const response = await fetch('api/access', { headers: headers(), signal: this.abort.signal });
    if (!response.ok) return false;
    const access = (await response.json()) as { read: boolean; control: boolean };
    this.mayControl = access.control;
    return access.read;
  }

  private async listen(came: () => void): Promise<void> {
    const cursors = this.watched.map((index) => {
      const known = this.studies.get(index);
      return `${index}@${known?.generation ?? 0}.${known?.version ?? 0}`;
    });
    const response = await fetch(`api/stream?watch=${cursors.join(',')}`, { headers: headers(), signal: this.abort.signal });
    if (!response.ok || response.body === null) throw new Error(await response.text());
    for await (const event of readEvents(response.body)) {
      if (event.name === 'summary') {
        this.summarize(JSON.parse(event.data) as SummaryMessage);
      } else if (event.name === 'change') {
        arrived();
        this.change(JSON.parse(event.data) as ChangeMessage);
      }
      came();
      this.say('live');
    }
  }

  private say(connection: Connection): void {
    this.connection = connection;
    this.changed();
  }
}

/** A report: all there is, at once. */
export class ReportSource extends Known implements Source {
  readonly connection = 'report';
  readonly mayControl = false;
  readonly made: string;

  constructor(private readonly report: Report) {
    super();
    this.made = report.made;
    this.summarize(report.summaries);
    for (const change of report.changes) this.change(change);
  }

  watch(): void {
    // Everything is there already.
  }

  details(study: number, member: number): Promise<MemberDetails> {
    const found = this.report.members[study]?.[member];
    return found === undefined ? Promise.reject(new Error('the report has no such member')) : Promise.resolve(found);
  }

  control(): Promise<{ applied: boolean; text: string }> {
    return Promise.resolve({ applied: false, text: 'a report changes nothing' });
  }
}

/** Reads what `pbt report` put into the page; null where the page comes from a server. */
export async function readReport(): Promise<ReportSource | null> {
  const text = document.getElementById('data')?.textContent;
  if (text === undefined || text === null) return null;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new ReportSource((await new Response(stream).json()) as Report);
}
