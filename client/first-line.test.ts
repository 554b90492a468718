import { describe, expect, test } from 'vitest';
import { firstLine, isLined } from './first-line.ts';

/** A body whose pieces come when they are sent. */
function body() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  return {
    response: new Response(readable, { headers: { 'content-type': 'application/x-ndjson' } }),
    send: (text: string) => writer.write(encoder.encode(text)),
    end: () => writer.close(),
    fail: () => writer.abort(new Error('cut')),
  };
}

describe('an answer in lines', () => {
  test('is there before the body ends, and the rest is read', async () => {
    const { response, send, end } = body();
    const line = firstLine(response);
    await send('  ');
    await send(' {"a":"');
    await send('ü"}');
    await send('\n');
    expect(await line).toBe('{"a":"ü"}');
    // A writer is done only when somebody reads.
    await send('\n');
    await end();
  });

  test('may end without a line break', async () => {
    const { response, send, end } = body();
    const line = firstLine(response);
    await send('  {"jobs":[]}');
    await end();
    expect(await line).toBe('  {"jobs":[]}');
  });

  test('that breaks before its line is no answer', async () => {
    const { response, send, fail } = body();
    const line = firstLine(response);
    await send('{"jobs"');
    await fail();
    await expect(line).rejects.toThrow('cut');
  });

  test('stays one when the connection breaks after its line', async () => {
    const { response, send, fail } = body();
    const line = firstLine(response);
    await send('{}\n');
    expect(await line).toBe('{}');
    await fail();
  });

  test('is told by its type', () => {
    expect(isLined(body().response)).toBe(true);
    expect(isLined(new Response('{}', { headers: { 'content-type': 'application/json' } }))).toBe(false);
    expect(isLined(new Response(null))).toBe(false);
  });
});
