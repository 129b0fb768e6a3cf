import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Numbers64 } from '../src/data/columns';
import { intervals, member, study } from './study';

test('a column keeps its numbers however many there are', () => {
  const column = new Numbers64();
  for (let i = 0; i < 5000; i++) column.push(i / 3);
  assert.equal(column.length, 5000);
  assert.deepEqual([column.get(0), column.get(1023), column.get(1024), column.get(4999)], [0, 341, 1024 / 3, 4999 / 3]);
});

test('a change may give one value for all of its rows', () => {
  const data = study({ members: [member(0, 1), member(1, 0)], intervals: intervals([0, 1, 1], { steps: 5, parent: [-1, -1, 1], score: [1, null, 3] }) });
  assert.equal(data.rows, 3);
  assert.deepEqual([0, 1, 2].map((row) => data.steps.get(row)), [5, 5, 10]);
  assert.deepEqual([0, 1, 2].map((row) => data.isCompleted(row)), [true, false, true]);
  assert.deepEqual([0, 1, 2].map((row) => data.interval.get(row)), [1, 1, 2]);
});

test('changes add to what is there', () => {
  const data = study(
    { members: [member(0, -1, { base: 100 })], intervals: intervals([0]), sets: { first: 0, count: 1, values: [[0.1], ['adam']] } },
    { members: [member(0, 1, { base: 100, state: 'running' })], intervals: intervals([0], { first: 1, parent: [0] }), sets: { first: 1, count: 1, values: [[0.2], ['sgd']] } },
  );
  assert.equal(data.members[0]?.state, 'running');
  assert.deepEqual([data.steps.get(0), data.steps.get(1)], [110, 120]);
  assert.deepEqual([data.value(0, 0), data.value(1, 0), data.value(1, 1), data.value(2, 1)], [0.1, 0.2, 'sgd', undefined]);
  assert.deepEqual(data.lineage(1), [0, 1]);
});

test('the steps of weights are counted along their lineage, across members', () => {
  const data = study({ members: [member(0, 2), member(1, 0)], intervals: intervals([0, 1, 1], { steps: [10, 7, 10], parent: [-1, -1, 0], donor: [-1, -1, 0] }) });
  assert.equal(data.steps.get(2), 20);
  assert.deepEqual(data.lineage(2), [0, 2]);
});

test('a failed interval that is opened again counts no more', () => {
  const data = study({ members: [member(0, 0)], intervals: intervals([0, 0, 0, 0], { kind: [0, 1, 2, 0], parent: [-1, 0, 0, 0], score: [1, null, null, 5] }) });
  assert.deepEqual(data.rowsOf[0], [0, 3]);
  assert.deepEqual([0, 1, 3].map((row) => data.interval.get(row)), [1, 2, 2]);
  assert.equal(data.latest(0), 3);
});

test('a smoothed score is what is compared, the score what is shown', () => {
  const data = study({ members: [member(0, 0)], intervals: intervals([0, 0], { score: [4, 8], smoothed: [null, 6] }) });
  assert.deepEqual([data.score.get(1), data.compared.get(0), data.compared.get(1)], [8, 4, 6]);
});

test('members are ranked by their latest score, those without one last', () => {
  const rows = intervals([0, 1, 2], { score: [5, null, 9], kind: [0, 1, 0] });
  const members = [member(0, 0), member(1, -1), member(2, 2), member(3, -1)];
  assert.deepEqual(study({ members, intervals: rows }).ranked(), [2, 0, 1, 3]);
  const minimized = study({ members, intervals: rows });
  minimized.spec = { name: 's', metric: 'loss', goal: 'minimize', smooths: false, population: 4, members: '4 members', mode: 'synchronous', space: [], canonical: {} };
  assert.deepEqual(minimized.ranked(), [0, 2, 1, 3]);
});

test('the age of weights is counted from the last inheritance', () => {
  const rows = intervals([0, 1, 1, 1], { donor: [-1, -1, 0, -1], parent: [-1, -1, 0, 2] });
  assert.equal(study({ members: [member(0, 0), member(1, 3)], intervals: rows }).age(1), 2);
  assert.equal(study({ members: [member(0, 0), member(1, 0)], intervals: rows }).age(1), 0);
  assert.equal(study({ members: [member(0, 0), member(1, 3)], intervals: rows }).age(0), 1);
});
