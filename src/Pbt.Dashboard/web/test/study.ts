import { StudyData } from '../src/data/study';
import type { Change, IntervalColumns, Member } from '../src/data/wire';

/** A member that goes on from a row. */
export function member(id: number, start: number, more: Partial<Member> = {}): Member {
  return { id, state: 'ready', set: id, donor: -1, start, damaged: false, base: 0, failures: 0, failure: null, ...more };
}

/** Ended intervals, one for each of these members in this order; what is not given is the same for all. */
export function intervals(members: number[], more: Partial<IntervalColumns> = {}): IntervalColumns {
  return {
    first: 0, count: members.length, member: members, kind: 0, score: members.map((_, i) => i), smoothed: null, parent: -1, donor: -1, set: 0, steps: 10, worker: 0, end: 0, duration: 0, ...more,
  };
}

/** A study of which the server has told this. */
export function study(...changes: Partial<Change>[]): StudyData {
  const data = new StudyData(0, 1);
  for (const change of changes) {
    data.apply({ after: 0, version: 1, origin: 0, members: [], workers: [], sets: { first: 0, count: 0, values: [] }, intervals: intervals([]), unfinished: [], said: 0, news: [], ...change });
  }
  return data;
}
