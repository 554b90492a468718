import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { AskingEnded, askUntil, terminalAsker } from './ask.ts';

/** A terminal on which somebody types these lines, one for each question, and then goes away. */
function terminal(...lines: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const left = [...lines];
  let shown = '';
  output.on('data', (data) => {
    shown += data;
    if (!String(data).includes('? ') && !String(data).includes(': ')) return;
    const line = left.shift();
    if (line === undefined) input.end();
    else input.write(`${line}\n`);
  });
  return { asker: terminalAsker(input, output), shown: () => shown };
}

describe('a terminal', () => {
  test('gives the answers, without blanks around them', async () => {
    const { asker } = terminal('  one ', 'two');
    expect([await asker.ask('first? '), await asker.ask('second? ')]).toEqual(['one', 'two']);
    asker.close();
  });

  test('keeps what was typed ahead for its question', async () => {
    const input = new PassThrough();
    const asker = terminalAsker(input, new PassThrough());
    const first = asker.ask('first? ');
    input.end('one\ntwo\nthree\n');
    expect([await first, await asker.ask('second? '), await asker.ask('third? ')]).toEqual([
      'one',
      'two',
      'three',
    ]);
    await expect(asker.ask('fourth? ')).rejects.toThrow(AskingEnded);
  });

  test('that is closed ends the asking, now and later', async () => {
    const { asker } = terminal();
    await expect(asker.ask('first? ')).rejects.toThrow(AskingEnded);
    await expect(asker.ask('second? ')).rejects.toThrow(AskingEnded);
  });
});

describe('a question', () => {
  const question = { text: 'Number', faultOf: (text: string) => (text === '7' ? undefined : 'must be 7') };

  test('is put again until the answer is one', async () => {
    const { asker, shown } = terminal('', 'six', '7');
    expect(await askUntil(asker, question)).toBe('7');
    expect(shown()).toBe('Number:   an answer is needed\nNumber:   must be 7\nNumber: ');
    asker.close();
  });

  test('is answered by what is usual', async () => {
    const { asker, shown } = terminal('');
    expect(await askUntil(asker, { ...question, usual: '7' })).toBe('7');
    expect(shown()).toBe('Number [7]: ');
    asker.close();
  });
});
