import { describe, expect, test } from 'vitest';
import { type Command, helpText, parseCommandLine } from './command-line.ts';

const receipts = { name: 'receipts', configPath: 'r.json', sourceId: undefined, isJson: false } as const;

describe('the command line', () => {
  test.each<[string, Command]>([
    ['', { name: 'help' }],
    ['--help', { name: 'help' }],
    ['start -h', { name: 'help' }],
    ['version', { name: 'version' }],
    ['start --config r.json', { name: 'start', configPath: 'r.json', isOnce: false }],
    ['start --once --config r.json', { name: 'start', configPath: 'r.json', isOnce: true }],
    ['receipts-sql --config r.json', { name: 'receipts-sql', configPath: 'r.json' }],
    ['doctor --config r.json --json', { name: 'doctor', configPath: 'r.json', isJson: true }],
    ['receipts list --config r.json', { ...receipts, ask: { action: 'list', limit: 20 } }],
    ['receipts list --limit 5 --config r.json', { ...receipts, ask: { action: 'list', limit: 5 } }],
    ['receipts show key_1 --config r.json', { ...receipts, ask: { action: 'show', receipt: 'key_1' } }],
    [
      'receipts verify --source src_a --json --config r.json',
      { ...receipts, ask: { action: 'verify' }, sourceId: 'src_a', isJson: true },
    ],
  ])('%s', (line, command) => {
    expect(parseCommandLine(line.split(' ').filter((word) => word !== ''))).toEqual(command);
  });

  test.each([
    ['go', 'there is no command go'],
    ['start', 'start needs --config FILE'],
    ['start --config=', 'start needs --config FILE'],
    ['start --conf r.json', "Unknown option '--conf'"],
    ['doctor', 'doctor needs --config FILE'],
    ['connect', 'connect needs --config FILE'],
    ['receipts', 'receipts is followed by list, show or verify'],
    ['receipts erase --config r.json', 'receipts is followed by list, show or verify'],
    ['receipts list', 'receipts needs --config FILE'],
    ['receipts list all --config r.json', 'receipts list takes no all'],
    ['receipts list --limit 0 --config r.json', '--limit must be a number from 1 to 1000'],
    ['receipts list --limit 1e3 --config r.json', '--limit must be a number from 1 to 1000'],
    ['receipts show --config r.json', 'receipts show needs one key, job id or proposal id'],
    ['receipts show a b --config r.json', 'receipts show needs one key, job id or proposal id'],
  ])('%s is misused', (line, fault) => {
    const command = parseCommandLine(line.split(' '));
    expect(command).toMatchObject({ name: 'misused', fault: expect.stringContaining(fault) });
  });

  test('has a line of help for each command', () => {
    for (const name of [
      'start',
      'doctor',
      'connect',
      'receipts list',
      'receipts show',
      'receipts verify',
      'receipts-sql',
      'version',
    ])
      expect(helpText).toContain(`  countersign-runner ${name}`);
  });
});
