import type { StudyData } from '../data/study';

/** Consecutive intervals of one member, each trained on from the one before. */
interface Chain {
  first: number;
  last: number;

  /** Its last interval whose weights a member has now; −1 if there is none. */
  held: number;
  readonly children: Chain[];
  lane: number;
}

/** Where every interval is in the tree of lineages. */
export interface Tree {
  /** Each row's lane; NaN for one that is left out. */
  readonly lanes: Float32Array;

  /** 1 for each row whose training is in some member's present weights. */
  readonly living: Uint8Array;
  readonly count: number;

  /** Lanes that there would be if those that died out were shown too. */
  readonly all: number;

  /** The members whose weights each row has, for those that some member has now. */
  readonly holders: Map<number, number[]>;
}

/**
 * Lays out the tree from the initial members to now. Who branches off late is next to whom it branched off, so that no branch
 * crosses another; where nobody goes on in a lineage's own lane, its latest branch takes the lane.
 */
export function layOut(study: StudyData, withDead: boolean): Tree {
  const holders = holdersOf(study);
  const { roots, chainOf } = chainsOf(study);
  const living = new Uint8Array(study.rows);
  for (const row of holders.keys()) {
    const chain = chainOf[row];
    if (chain !== undefined) chain.held = Math.max(chain.held, row);
    for (let at = row; at >= 0 && living[at] === 0; at = study.parent.get(at)) living[at] = 1;
  }
  const all = place(study, roots, null);
  const count = withDead ? all : place(study, roots, living);
  const lanes = new Float32Array(study.rows).fill(NaN);
  for (let row = 0; row < study.rows; row++) {
    if (withDead || living[row] === 1) lanes[row] = chainOf[row]?.lane ?? NaN;
  }
  return { lanes, living, count, all, holders };
}

function holdersOf(study: StudyData): Map<number, number[]> {
  const holders = new Map<number, number[]>();
  for (const member of study.members) {
    if (member.start < 0 || member.state === 'retired') continue;
    const known = holders.get(member.start);
    if (known === undefined) holders.set(member.start, [member.id]);
    else known.push(member.id);
  }
  return holders;
}

function chainsOf(study: StudyData): { roots: Chain[]; chainOf: (Chain | undefined)[] } {
  const chainOf: (Chain | undefined)[] = new Array<Chain | undefined>(study.rows);
  const roots: Chain[] = [];
  for (let row = 0; row < study.rows; row++) {
    if (!study.isCompleted(row)) continue;
    const parent = study.parent.get(row);
    const before = parent >= 0 ? chainOf[parent] : undefined;
    if (before !== undefined && before.last === parent && study.member.get(parent) === study.member.get(row)) {
      before.last = row;
      chainOf[row] = before;
      continue;
    }
    const chain: Chain = { first: row, last: row, held: -1, children: [], lane: NaN };
    (before?.children ?? roots).push(chain);
    chainOf[row] = chain;
  }
  return { roots, chainOf };
}

/** Gives every chain its lane, or only those with living rows, and returns how many lanes there are. */
function place(study: StudyData, roots: Chain[], living: Uint8Array | null): number {
  const isShown = (chain: Chain): boolean => living === null || living[chain.first] === 1;
  const branchOf = (chain: Chain): number => study.parent.get(chain.first);
  let lanes = 0;
  const open: { chain: Chain; lane: number | null }[] = roots
    .filter(isShown)
    .sort((a, b) => study.member.get(b.first) - study.member.get(a.first))
    .map((chain) => ({ chain, lane: null }));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { chain } = at;
    chain.lane = at.lane ?? lanes++;
    const children = chain.children.filter(isShown).sort((a, b) => branchOf(a) - branchOf(b));
    const latest = children.at(-1);
    const tip = living === null ? Math.max(chain.held, chain.last) : chain.held;
    const isFree = latest !== undefined && (tip < branchOf(latest) || (living === null && chain.held < 0 && tip === branchOf(latest)));
    for (const child of children) open.push({ chain: child, lane: isFree && child === latest ? chain.lane : null });
  }
  return lanes;
}
