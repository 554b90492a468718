import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logLine } from '@countersign/protocol/log/log-line';
import { describe, expect, test } from 'vitest';
import { appendTo, logOutput } from './plane-log.ts';

function logged(line: string): unknown {
  const lines: string[] = [];
  logOutput((text) => lines.push(text), line);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/\n$/);
  return JSON.parse(lines[0] ?? '');
}

describe('what the Workers print', () => {
  test('stays as it is where it is a line of the log', () => {
    const line = logLine('tenant.fault', { tenant: 'prj_1', fault: 'TypeError' }, 0);
    expect(logged(line)).toEqual(JSON.parse(line));
  });

  test.each([
    'at line 7',
    '{"a":',
    '{"text":1}',
    '',
    '{"event":"request.denied","time":"1970-01-01T00:00:00.000Z"}',
    logLine('tenant.fault', {}, 0).replace('"error"', '"info"'),
  ])('is text in a line of JSON, whatever else it is: %j', (line) => {
    const time = expect.stringMatching(/^20/);
    expect(logged(line)).toEqual({
      time,
      level: 'info',
      target: 'workerd',
      event: 'workerd.output',
      message: line,
    });
  });

  test('loses what looks like a secret on the way', () => {
    expect(JSON.stringify(logged('Authorization: Bearer abc.def of syn_run_abc'))).not.toMatch(/abc/);
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
