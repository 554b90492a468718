import { describe, expect, test } from 'vitest';
import { commands } from '../commands.ts';
import { widthOf } from '../output/width.ts';
import { runCli } from '../testing/run-cli.ts';

/** The words of an example as a shell would split them. */
function wordsOf(example: string): string[] {
  const [first = ''] = example.split(/ && | < | > /);
  return [...first.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('every command', () => {
  test.each(commands.map((one) => [one.name, one] as const))('%s: its example is understood', (name, one) => {
    const [program, ...words] = wordsOf(one.example);
    expect(program).toBe('countersign');
    expect(words.slice(0, name.split(' ').length).join(' ')).toBe(name);
    expect(() => one.parse(words.slice(name.split(' ').length))).not.toThrow();
  });

  test('has a name of its own', () => {
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('stands in the overview in one line of 80', async () => {
    const { code, out } = await runCli(['help']);
    expect(code).toBe(0);
    for (const { name, summary } of commands) expect(out).toContain(`\n  ${name.padEnd(24)}  ${summary}\n`);
    for (const line of out.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  test.each(commands.map(({ name }) => [name]))(
    '%s: explains itself, by help and by --help',
    async (name) => {
      const byHelp = await runCli(['help', ...name.split(' ')]);
      expect(byHelp).toMatchObject({ code: 0, err: '' });
      expect(byHelp.out).toContain(`countersign ${name}`);
      expect(byHelp.out).toContain('Example:\n  countersign');
      expect(await runCli([...name.split(' '), '--help'])).toEqual(byHelp);
    },
  );
});

describe('help', () => {
  test('comes of a noun, and of what was misspelled', async () => {
    const { out } = await runCli(['help', 'agents']);
    expect(out).toContain('agents revoke');
    expect(out).not.toContain('services revoke');
    expect(await runCli(['agents'])).toMatchObject({ code: 2, out: '' });
    expect((await runCli(['agents', 'revok', 'x'])).err).toContain('agents revoke');
    expect(await runCli(['agent', 'list'])).toMatchObject({ code: 2, out: '' });
    expect(await runCli(['help', 'agent'])).toMatchObject({ code: 2, out: '' });
  });

  test('comes without a command', async () => {
    expect(await runCli([])).toEqual(await runCli(['help']));
  });

  test('comes as JSON', async () => {
    const { out } = await runCli(['help', 'verify', '--json']);
    expect(JSON.parse(out)).toEqual({
      commands: [
        {
          name: 'verify',
          summary: expect.any(String),
          operands: ['FILE'],
          options: [{ option: '--head', value: 'HASH', help: expect.any(String) }],
          example: 'countersign verify ledger.ndjson',
        },
      ],
    });
  });

  test('version', async () => {
    expect((await runCli(['version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(JSON.parse((await runCli(['--version', '--json'])).out)).toHaveProperty('version');
  });
});

describe('a command line', () => {
  test.each([
    ['an option that there is not', ['verify', 'x', '--hed', 'y']],
    ['an operand too few', ['proposals', 'show']],
    ['an empty operand', ['proposals', 'show', '']],
    ['an operand too many', ['proposals', 'show', 'a', 'b']],
    ['an option without its value', ['verify', 'x', '--head']],
  ])('with %s is not understood', async (_name, args) => {
    const ran = await runCli(args);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('says more');
  });
});
