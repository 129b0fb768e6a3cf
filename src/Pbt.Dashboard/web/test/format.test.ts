import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, counted, digits, duration, quoted, score, short, training, value } from '../src/view/format';
import { study } from './study';

test('numbers have so many significant digits and no idle zeros', () => {
  assert.deepEqual([digits(0.00036, 4), digits(1.2e-7, 4), digits(123456, 4), digits(0, 4), digits(-1.5, 4), digits(NaN, 4)], ['0.00036', '1.2e-7', '1.235e+5', '0', '-1.5', '-']);
  assert.deepEqual([digits(9999.6, 4), digits(0.99996, 4)], ['1e+4', '1']);
});

test('scores and values', () => {
  assert.deepEqual([score(null), score(undefined), score(NaN), score(0.123456789)], ['-', '-', '-', '0.123457']);
  assert.deepEqual([value(undefined), value('adam'), value(true), value(64), value(0.000123456)], ['-', 'adam', 'true', '64', '0.0001235']);
});

test('counts and large numbers', () => {
  assert.deepEqual([counted(1, 'member'), counted(1234, 'interval')], ['1 member', '1,234 intervals']);
  assert.deepEqual([short(999), short(12_345), short(3.4e7), short(2e9)], ['999', '12.3k', '34M', '2G']);
});

test('lengths of time', () => {
  assert.deepEqual([duration(45), duration(723), duration(11_100), duration(187_200), duration(-1)], ['45s', '12m 03s', '3h 05m', '2d 04h', '0s']);
  assert.deepEqual([training(1234), training(61_000)], ['1.2s', '1m 01s']);
});

test('what changed between two sets', () => {
  const data = study({ sets: { first: 0, count: 2, values: [[0.0003, 0.00036], ['adam', 'adam'], [4, 5]] } });
  data.spec = { name: 's', metric: 'm', goal: 'maximize', smooths: false, population: 2, members: '', mode: '', space: ['learning_rate', 'optimizer', 'epochs'].map((name) => ({ name, words: '' })), canonical: {} };
  assert.equal(changes(data, 0, 1), 'learning_rate 0.0003 → 0.00036, epochs 4 → 5');
  assert.equal(changes(data, 1, 1), '');
});

test('an argument is quoted so that a shell takes it literally', () => {
  assert.equal(quoted('runs/cartpole-1'), 'runs/cartpole-1');
  assert.equal(quoted("it's $HOME; rm -rf `x`"), `'it'\\''s $HOME; rm -rf \`x\`'`);
  assert.equal(quoted(''), "''");
});
