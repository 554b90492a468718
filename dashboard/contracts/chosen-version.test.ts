import { expect, test } from 'vitest';
import { chosenVersion, isOlder, versionName } from './chosen-version.ts';

const versions = [1, 2, 3].map((number) => ({
  contract_version_id: `ctv_${number}`,
  version_number: number,
  label: `1.${number}.0`,
}));
const contract = (active: string | null) => ({
  contract_id: 'ctr_1',
  current_version_number: 3,
  active_version_id: active,
});
const chosen = (active: string | null, search: { version?: string; from?: string } = {}) => {
  const { from, version } = chosenVersion(contract(active), versions, search);
  return [from?.contract_version_id, version?.contract_version_id];
};

test.each<[string | null, object, (string | undefined)[]]>([
  ['ctv_2', {}, ['ctv_1', 'ctv_2']],
  ['ctv_2', { version: 'ctv_3' }, ['ctv_2', 'ctv_3']],
  ['ctv_2', { version: 'ctv_1' }, ['ctv_2', 'ctv_1']],
  ['ctv_2', { version: 'ctv_3', from: 'ctv_1' }, ['ctv_1', 'ctv_3']],
  ['ctv_1', {}, [undefined, 'ctv_1']],
  [null, {}, ['ctv_2', 'ctv_3']],
  ['ctv_2', { version: 'gone', from: 'gone' }, ['ctv_1', 'ctv_2']],
])('with %s in force, %j is about %j', (active, search, expected) => {
  expect(chosen(active, search)).toEqual(expected);
});

test('to bring an older one into force is to go back', () => {
  const [first, second] = versions;
  if (first === undefined || second === undefined) throw new TypeError('there are three');
  expect(isOlder(first, second)).toBe(true);
  expect(isOlder(second, first)).toBe(false);
  expect(isOlder(first, undefined)).toBe(false);
  expect(versionName(first)).toBe('Version 1 (1.1.0)');
  expect(versionName({ contract_version_id: 'x', label: null, version_number: 4 })).toBe('Version 4');
});
