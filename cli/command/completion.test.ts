import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';

/** What bash offers for these words, of which the last is being typed. */
async function offered(...words: string[]): Promise<string[]> {
  const { out } = await runCli(['completion', 'bash']);
  const typed = words.map((word) => `'${word}'`).join(' ');
  const script = `${out}
COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _countersign; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

test.each([
  ['nouns', ['countersign', 'runner'], ['runner-tokens', 'runners']],
  ['verbs', ['countersign', 'contracts', 'p'], ['push', 'pull']],
  ['the options of a command', ['countersign', 'agents', 'rotate', '--ov'], ['--overlap']],
  ['the options of a command of one word', ['countersign', 'search', 'fee', '--ki'], ['--kind']],
  ['the options of all', ['countersign', 'whoami', '--js'], ['--json']],
  ['files where it is neither', ['countersign', 'verify', ''], []],
])('bash completes %s', async (_what, words, offers) => {
  expect((await offered(...words)).toSorted()).toEqual(offers.toSorted());
});

test('zsh takes what bash takes, and no other shell anything', async () => {
  const [bash, zsh] = [await runCli(['completion', 'bash']), await runCli(['completion', 'zsh'])];
  expect(zsh.out.endsWith(bash.out)).toBe(true);
  expect(await runCli(['completion', 'fish'])).toMatchObject({ code: 2, out: '' });
});
