import { describe, expect, test } from 'vitest';
import { type Command, parseCommandLine } from './command-line.ts';
import { commandNames, helpText } from './help.ts';

const receipts = { name: 'receipts', configPath: 'r.json', sourceId: undefined, isJson: false } as const;
const drain = {
  name: 'drain',
  configPath: 'r.json',
  isJson: false,
  isUndo: false,
  timeoutSeconds: 60,
} as const;
const reconcile = {
  name: 'reconcile',
  id: 'wrp_1',
  configPath: 'r.json',
  sourceId: undefined,
  isJson: false,
  isReported: false,
} as const;

describe('the command line', () => {
  test.each<[string, Command]>([
    ['', { name: 'help', isJson: false }],
    ['--help', { name: 'help', isJson: false }],
    ['help drain', { name: 'help', about: 'drain', isJson: false }],
    ['start -h', { name: 'help', about: 'start', isJson: false }],
    ['init --help', { name: 'help', about: 'init', isJson: false }],
    ['help --json', { name: 'help', isJson: true }],
    ['version', { name: 'version', isJson: false }],
    ['version --json', { name: 'version', isJson: true }],
    [
      'start --config r.json',
      { name: 'start', configPath: 'r.json', isJson: false, isOnce: false, isDryRun: false },
    ],
    [
      'start --once --dry-run --config r.json',
      { name: 'start', configPath: 'r.json', isJson: false, isOnce: true, isDryRun: true },
    ],
    ['receipts-sql --config r.json', { name: 'receipts-sql', configPath: 'r.json', isJson: false }],
    ['receipts-sql --json --config r.json', { name: 'receipts-sql', configPath: 'r.json', isJson: true }],
    ['status --config r.json', { name: 'status', configPath: 'r.json', isJson: false, isOfDaemon: false }],
    [
      'status --daemon --config r.json',
      { name: 'status', configPath: 'r.json', isJson: false, isOfDaemon: true },
    ],
    ['drain --config r.json', drain],
    ['drain --undo --config r.json', { ...drain, isUndo: true }],
    ['drain --timeout 5 --config r.json', { ...drain, timeoutSeconds: 5 }],
    ['reconcile wrp_1 --config r.json', reconcile],
    ['reconcile wrp_1 --config r.json --source src_a', { ...reconcile, sourceId: 'src_a' }],
    ['reconcile --report wrp_1 --config r.json', { ...reconcile, isReported: true }],
    [
      'doctor --config r.json --json',
      { name: 'doctor', configPath: 'r.json', isJson: true, createsReceipts: false },
    ],
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
    ['help go', 'there is no command go'],
    ['drain --timeout 1e3 --config r.json', '--timeout must be a number of seconds from 0 to 3600'],
    ['drain --timeout 3601 --config r.json', '--timeout must be a number of seconds from 0 to 3600'],
    ['reconcile --config r.json', 'reconcile needs one key, job id or proposal id'],
    ['reconcile a b --config r.json', 'reconcile needs one key, job id or proposal id'],
    ['status', 'status needs --config FILE'],
    ['init', 'init needs --config FILE'],
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

  test.each(commandNames)('has help for %s, with an example of it', (name) => {
    expect(helpText()).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
    expect(helpText(name)).toMatch(new RegExp(`Example:\n  countersign-runner ${name} `));
    expect(parseCommandLine([name, '--help'])).toMatchObject({ name: 'help' });
    expect(JSON.parse(helpText(name, true))).toMatchObject({ commands: [{ name }] });
  });
});
