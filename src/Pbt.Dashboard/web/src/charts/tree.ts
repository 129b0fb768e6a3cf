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
 * crosses another; where nobody goes on in a lineage's own lane, its latest branch takes the lane, of several the last member's.
 * Figures/LineageLayout.cs does the same for the living.
 */
export function layOut(study: StudyData, withDead: boolean): Tree {
  const holders = holdersOf(study);
  const living = new Uint8Array(study.rows);
  for (const row of holders.keys()) {
    for (let at = row; at >= 0 && living[at] === 0; at = study.parent.get(at)) living[at] = 1;
  }
  const everything = chainsOf(study, holders, (row) => study.isCompleted(row));
  const all = place(study, everything.roots, true);
  const shown = withDead ? everything : chainsOf(study, holders, (row) => living[row] === 1);
  const count = withDead ? all : place(study, shown.roots, false);
  const lanes = new Float32Array(study.rows);
  for (let row = 0; row < study.rows; row++) lanes[row] = shown.chainOf[row]?.lane ?? NaN;
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

function chainsOf(study: StudyData, holders: Map<number, number[]>, isShown: (row: number) => boolean): { roots: Chain[]; chainOf: (Chain | undefined)[] } {
  const chainOf: (Chain | undefined)[] = new Array<Chain | undefined>(study.rows);
  const roots: Chain[] = [];
  for (let row = 0; row < study.rows; row++) {
    if (!isShown(row)) continue;
    const parent = study.parent.get(row);
    const before = parent >= 0 ? chainOf[parent] : undefined;
    let chain = before;
    if (chain === undefined || chain.last !== parent || study.member.get(parent) !== study.member.get(row)) {
      chain = { first: row, last: row, held: -1, children: [], lane: NaN };
      (before?.children ?? roots).push(chain);
    }
    chain.last = row;
    if (holders.has(row)) chain.held = row;
    chainOf[row] = chain;
  }
  return { roots, chainOf };
}

/** Gives every chain its lane, and returns how many lanes there are. */
function place(study: StudyData, roots: Chain[], withDead: boolean): number {
  const branchOf = (chain: Chain): number => study.parent.get(chain.first);
  const memberOf = (chain: Chain): number => study.member.get(chain.first);
  let lanes = 0;
  const open: { chain: Chain; lane: number | null }[] = roots.sort((a, b) => memberOf(b) - memberOf(a)).map((chain) => ({ chain, lane: null }));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { chain } = at;
    chain.lane = at.lane ?? lanes++;
    const children = chain.children.sort((a, b) => branchOf(a) - branchOf(b) || memberOf(a) - memberOf(b));
    const latest = children.at(-1);
    const tip = withDead ? Math.max(chain.held, chain.last) : chain.held;
    const isFree = latest !== undefined && (tip < branchOf(latest) || (withDead && chain.held < 0 && tip === branchOf(latest)));
    for (const child of children) open.push({ chain: child, lane: isFree && child === latest ? chain.lane : null });
  }
  return lanes;
}
