import { Numbers64 } from './columns';
import type { Change, Column, Definition, Member, News, Numbers, Spec, Unfinished, Value, Worker } from './wire';

const completed = 0;
const reopened = 2;
const mostNews = 2000;

/** A study as the server has told it so far: tables of ended intervals and of hyperparameters, and who there is. */
export class StudyData {
  spec: Spec | null = null;
  version = 0;
  origin = 0;
  members: Member[] = [];
  workers: Worker[] = [];
  unfinished: Unfinished[] = [];
  news: News[] = [];
  said = 0;

  /** The values of each hyperparameter, one for each set. */
  readonly sets: Value[][] = [];

  /** The rows of each member's intervals that count, in order. */
  readonly rowsOf: number[][] = [];

  readonly member = new Numbers64();
  readonly score = new Numbers64();
  readonly compared = new Numbers64();
  readonly parent = new Numbers64();
  readonly donor = new Numbers64();
  readonly set = new Numbers64();
  readonly worker = new Numbers64();
  readonly end = new Numbers64();
  readonly duration = new Numbers64();

  /** Each row's place among its member's intervals, from 1; 0 for a row that no longer counts. */
  readonly interval = new Numbers64();

  /** Trainer steps in the weights at each row's end, along their lineage. */
  readonly steps = new Numbers64();

  constructor(readonly index: number, readonly generation: number) {}

  get rows(): number {
    return this.member.length;
  }

  get sign(): number {
    return this.spec?.goal === 'minimize' ? -1 : 1;
  }

  get space(): Definition[] {
    return this.spec?.space ?? [];
  }

  isCompleted(row: number): boolean {
    return !Number.isNaN(this.score.get(row)) && this.interval.get(row) > 0;
  }

  /** The value of a hyperparameter in a set. */
  value(set: number, parameter: number): Value | undefined {
    return this.sets[parameter]?.[set];
  }

  /** The row of a member's last completed interval; −1 if there is none. */
  latest(member: number): number {
    const rows = this.rowsOf[member] ?? [];
    for (let i = rows.length - 1; i >= 0; i--) {
      const row = rows[i] as number;
      if (this.isCompleted(row)) return row;
    }
    return -1;
  }

  /** The rows whose training is in the weights of a row, oldest first. */
  lineage(row: number): number[] {
    const rows: number[] = [];
    for (let at = row; at >= 0; at = this.parent.get(at)) rows.push(at);
    return rows.reverse();
  }

  /** How many intervals a member has trained since it last took something from another; all, if it never did. */
  age(member: number): number {
    if (this.members[member] !== undefined && this.tookLast(member)) return 0;
    const rows = this.rowsOf[member] ?? [];
    for (let i = rows.length - 1; i >= 0; i--) {
      if (this.donor.get(rows[i] as number) >= 0) return rows.length - i;
    }
    return rows.length;
  }

  /** Members by their latest score, best first; those without one last. */
  ranked(): number[] {
    const key = this.members.map((member) => {
      const row = this.latest(member.id);
      return member.state === 'retired' || row < 0 ? -Infinity : this.sign * this.compared.get(row);
    });
    return this.members.map((member) => member.id).sort((a, b) => (key[b] as number) - (key[a] as number) || a - b);
  }

  /** Takes in what is new. */
  apply(change: Change): void {
    if (change.spec !== undefined) this.spec = change.spec;
    this.origin = change.origin;
    for (const member of change.members) {
      this.members[member.id] = member;
      this.rowsOf[member.id] ??= [];
    }
    for (const worker of change.workers) this.workers[worker.row] = worker;
    change.sets.values.forEach((values, parameter) => {
      const known = (this.sets[parameter] ??= []);
      for (const value of values) known.push(value);
    });
    this.addIntervals(change);
    this.unfinished.push(...change.unfinished);
    this.said = change.said;
    this.news = this.news.concat(change.news).slice(-mostNews);
    this.version = change.version;
  }

  /** Whether a member goes on from another's weights, and has not ended an interval with them. */
  private tookLast(member: number): boolean {
    const start = this.members[member]?.start ?? -1;
    return start >= 0 && this.member.get(start) !== member;
  }

  private addIntervals(change: Change): void {
    const rows = change.intervals;
    const [member, kind, parent, donor, set] = [at(rows.member), at(rows.kind), at(rows.parent), at(rows.donor), at(rows.set)];
    const [steps, worker, end, duration] = [at(rows.steps), at(rows.worker), at(rows.end), at(rows.duration)];
    const [score, smoothed] = [number(rows.score), number(rows.smoothed)];
    for (let i = 0; i < rows.count; i++) {
      const owner = member(i);
      const own = (this.rowsOf[owner] ??= []);
      const row = this.rows;
      if (kind(i) === reopened) {
        own.pop();
      } else {
        own.push(row);
      }
      const from = parent(i);
      const before = from >= 0 ? this.steps.get(from) : (this.members[owner]?.base ?? 0);
      this.member.push(owner);
      this.score.push(kind(i) === completed ? score(i) : NaN);
      this.compared.push(kind(i) !== completed ? NaN : Number.isNaN(smoothed(i)) ? score(i) : smoothed(i));
      this.parent.push(from);
      this.donor.push(donor(i));
      this.set.push(set(i));
      this.steps.push(before + steps(i));
      this.worker.push(worker(i));
      this.end.push(end(i));
      this.duration.push(duration(i));
      this.interval.push(kind(i) === reopened ? 0 : own.length);
    }
  }
}

function at(column: Column): (index: number) => number {
  return typeof column === 'number' ? () => column : (index) => column[index] as number;
}

function number(column: Numbers): (index: number) => number {
  return column === null ? () => NaN : (index) => column[index] ?? NaN;
}
