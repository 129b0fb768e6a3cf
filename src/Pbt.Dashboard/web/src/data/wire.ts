// What the server sends: src/Pbt.Dashboard/Views writes it.

/** A column of a table: a value for each new row, or one for all of them. */
export type Column = number | number[];

/** A column of numbers that may be missing; null where all are. */
export type Numbers = (number | null)[] | null;

export type Value = number | string | boolean;

export type StudyPhase = 'created' | 'running' | 'paused' | 'completed' | 'failed' | 'stopped';

export type MemberPhase = 'ready' | 'running' | 'undecided' | 'finished' | 'failed' | 'retired';

export interface Best {
  member: number;
  interval: number;
  score: number;
  smoothed: number | null;
  row: number;
}

interface SummaryHead {
  study: number;
  directory: string;
  loading: boolean;
  version: number;
  problem: string | null;
}

export interface KnownSummary extends SummaryHead {
  exists: true;
  name: string;
  state: StudyPhase;
  reason: string | null;
  metric: string;
  goal: 'maximize' | 'minimize';
  population: number;
  created: string;
  updated: string;
  active_seconds: number;
  left_seconds: number | null;
  fraction: number | null;
  budget: number | null;
  completed: number;
  failed: number;
  running: number;
  total_steps: number;
  exploits: number;
  rescues: number;
  workers: number;
  slots: number;
  vanished: number[];
  best: Best | null;
}

export type Summary = KnownSummary | (SummaryHead & { exists: false });

export interface Definition {
  name: string;
  words: string;
  min?: number;
  max?: number;
  scale?: 'linear' | 'log' | 'one_minus_log';
  choices?: Value[];
}

export interface Spec {
  name: string;
  metric: string;
  goal: 'maximize' | 'minimize';
  smooths: boolean;
  population: number;
  members: string;
  mode: string;
  space: Definition[];
  canonical: unknown;
}

export interface Member {
  id: number;
  state: MemberPhase;
  set: number;
  donor: number;
  start: number;
  damaged: boolean;
  base: number;
  failures: number;
  failure: string | null;
  group?: string;
  attempt?: number;
  worker?: number;
  since?: number;
}

export interface Worker {
  row: number;
  name: string;
  host: string;
  pid: number;
  slots: number;
  joined: number;
  ended?: number;
  loss?: string;
}

export interface Unfinished {
  attempt: number;
  member: number;
  interval: number;
  worker: number;
  start: number;
  end: number;
  outcome: 'failed' | 'released' | 'lost';
  reason: string;
}

export type NewsKind = 'inheritance' | 'failure' | 'best' | 'worker' | 'study';

export interface News {
  version: number;
  time: number;
  kind: NewsKind;
  text: string;
}

export interface IntervalColumns {
  first: number;
  count: number;
  member: Column;
  kind: Column;
  score: Numbers;
  smoothed: Numbers;
  parent: Column;
  donor: Column;
  set: Column;
  steps: Column;
  worker: Column;
  end: Column;
  duration: Column;
}

export interface Change {
  after: number;
  version: number;
  origin: number;
  spec?: Spec;
  members: Member[];
  workers: Worker[];
  sets: { first: number; count: number; values: Value[][] };
  intervals: IntervalColumns;
  unfinished: Unfinished[];
  said: number;
  news: News[];
}

export interface ChangeMessage {
  study: number;
  generation: number;
  change: Change;
}

export interface SummaryMessage {
  now: number;
  studies: Summary[];
}

export interface MemberDetails {
  member: number;
  metrics: { name: string; values: (number | null)[] }[];
  log: { path: string; interval: number; attempt: string; tail: string } | null;
}

/** What a report holds. */
export interface Report {
  made: string;
  summaries: SummaryMessage;
  changes: ChangeMessage[];
  members: MemberDetails[][];
}
