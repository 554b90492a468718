import { describe, expect, test } from 'vitest';
import { memberRow, runnerRow } from '../test-support.ts';
import {
  contractSubject,
  credentialSubject,
  eventSubject,
  invitationSubject,
  memberSubject,
  policySubject,
  runnerSubject,
  settingSubject,
} from './event.ts';
import { keyOfRow, rowOfSubject } from './keyed-tables.ts';

describe('the row that stands for a subject', () => {
  test.each([
    [contractSubject('ctr_1'), { name: 'contracts', key: 'ctr_1' }],
    [policySubject('small'), { name: 'policies', key: 'small' }],
    // An issuer is a URL.
    [memberSubject('https://login/x ann'), { name: 'members', key: 'https://login/x ann' }],
    [invitationSubject('inv_1'), { name: 'invitations', key: 'inv_1' }],
    [credentialSubject('crd_1'), { name: 'credentials', key: 'crd_1' }],
    [settingSubject('permissions'), { name: 'settings', key: 'permissions' }],
    [runnerSubject('run_a'), { name: 'runners', key: 'run_a' }],
  ])('of %s is %j', (subject, row) => {
    expect(rowOfSubject(subject)).toEqual(row);
  });

  test.each([['wrp_1'], [eventSubject('run_a', 'e1')], ['attempt/41'], ['constructor/x'], ['runner']])(
    'is none for %s',
    (subject) => {
      expect(rowOfSubject(subject)).toBeUndefined();
    },
  );
});

test('a row is known by its key', () => {
  expect([keyOfRow('members', memberRow()), keyOfRow('runners', runnerRow())]).toEqual(['iss ann', 'run_a']);
});
