import { expect, test } from 'vitest';
import { changesBetween, comparedVersions } from './compared.ts';

const version = (number: number, document: unknown) => ({
  version: number,
  digest: `sha256:${number}`,
  document,
});
const versions = [version(3, {}), version(2, {}), version(1, {})];

test.each([
  [2, {}, [2, 3]],
  [3, {}, [2, 3]],
  [null, {}, [2, 3]],
  [3, { to: 1 }, [3, 1]],
  [3, { from: 1, to: 2 }, [1, 2]],
  [3, { from: 9, to: 9 }, [2, 3]],
])('with %s in force, %j compares %j', (active_version, asked, expected) => {
  const { from, to } = comparedVersions({ active_version, versions }, asked);
  expect([from?.version, to?.version]).toEqual(expected);
});

test('the first version alone is compared with nothing, and shown whole', () => {
  const only = version(1, { text: 'be kind' });
  expect(comparedVersions({ active_version: 1, versions: [only] }, {}).from).toBeUndefined();
  expect(changesBetween(undefined, only).map((line) => (line.kind === 'line' ? line.edit.text : ''))).toEqual(
    ['{', '  "text": "be kind"', '}'],
  );
});

test('lines far from a change are counted, and nothing is shown of what is the same', () => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${10 + at}`, at]));
  const lines = changesBetween(version(1, { ...many, k15: 'old' }), version(2, { ...many, k15: 'new' }));
  expect(lines.map((line) => (line.kind === 'line' ? line.edit.sign : line.count))).toEqual([
    3,
    ' ',
    ' ',
    ' ',
    '-',
    '+',
    ' ',
    ' ',
    ' ',
    12,
  ]);
  expect(changesBetween(version(1, many), version(2, many))).toEqual([
    { kind: 'left-out', count: 22, place: 22 },
  ]);
});
