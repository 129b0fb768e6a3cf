import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from '../src/charts/tree';
import type { Change } from '../src/data/wire';
import lineages from './lineages.json';
import { intervals, member, study } from './study';

interface Golden {
  name: string;
  change: Partial<Change>;
  lanes: number[];
  count: number;
}

// tests/Pbt.Dashboard.Tests makes this file with the layout of the figures in C#, and checks it: so the two cannot drift apart.
for (const golden of lineages as unknown as Golden[]) {
  test(`the lanes of the page are those of the figures: ${golden.name}`, () => {
    const tree = layOut(study(golden.change), false);
    assert.deepEqual([...tree.lanes].map((lane) => (Number.isNaN(lane) ? -1 : lane)), golden.lanes);
    assert.equal(tree.count, golden.count);
  });
}

test('a lineage that died out is shown only when asked for', () => {
  const data = study({ members: [member(0, 2), member(1, 2)], intervals: intervals([0, 1, 0], { parent: [-1, -1, 0] }) });
  const living = layOut(data, false);
  assert.deepEqual([living.count, living.all, Number.isNaN(living.lanes[1] as number)], [1, 2, true]);
  assert.deepEqual([...living.living], [1, 0, 1]);
  assert.deepEqual([...living.holders], [[2, [0, 1]]]);
  assert.deepEqual([...layOut(data, true).lanes], [0, 1, 0]);
});

test('who branches off late is beside whom it branched off', () => {
  const data = study({ members: [member(0, 3), member(1, 4), member(2, 5)], intervals: intervals([0, 0, 0, 0, 1, 2], { parent: [-1, 0, 1, 2, 0, 2] }) });
  assert.deepEqual([...layOut(data, false).lanes], [0, 0, 0, 0, 2, 1]);
});

test('retired members hold no weights', () => {
  const data = study({ members: [member(0, 0), member(1, 1, { state: 'retired' })], intervals: intervals([0, 1]) });
  assert.equal(layOut(data, false).count, 1);
});
