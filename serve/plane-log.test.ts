import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appendTo, jsonLog, logOutput } from './plane-log.ts';

function logged(line: string): unknown {
  const lines: string[] = [];
  logOutput(
    jsonLog((text) => lines.push(text)),
    line,
  );
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '');
}

describe('what the Workers print', () => {
  test('keeps its level and its event', () => {
    expect(logged('{"level":"error","event":"gateway_fault","request_id":"req_1"}')).toEqual({
      time: expect.any(String),
      level: 'error',
      event: 'gateway_fault',
      request_id: 'req_1',
    });
  });

  test.each(['at line 7', '{"a":', '{"text":1}', ''])('is one line of JSON, whatever it is: %j', (line) => {
    expect(logged(line)).toMatchObject({ level: 'info', event: 'output', text: line });
  });

  test('cannot say that it is another line, or of another time', () => {
    expect(logged('{"event":"denied","time":"1970-01-01","text":"a\\n{}"}')).toMatchObject({
      time: expect.stringMatching(/^20/),
    });
  });
});

test('lines go to a file of their owner, and to a new one when that was moved away', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-log-'));
  try {
    const file = join(folder, 'plane.log');
    const write = appendTo(file, () => undefined);
    write('one\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await rename(file, `${file}.1`);
    write('two\n');
    expect(await readFile(file, 'utf8')).toBe('two\n');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a log that cannot be written ends nothing', () => {
  const lost: string[] = [];
  appendTo('/nowhere/at/all', (line) => lost.push(line))('one\n');
  expect(lost).toEqual(['one\n']);
});
