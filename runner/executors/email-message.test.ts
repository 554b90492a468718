import { type AddressInfo, createServer, type Socket } from 'node:net';
import { actionOutcomeSchema } from '@countersign/protocol/action/action-job';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { EmailMessageExecutor, type EmailOptions } from './email-message.ts';
import { closedPort } from './fake-provider.ts';
import { performAction } from './perform-action.ts';
import { laterAction, NOW, never, sampleEffect } from './sample-action.ts';
import { selfSigned } from './self-signed.ts';

const PASSWORD = 'with blanks topsecret';
const KEY = 'csk_0123456789abcdef';
const MESSAGE_ID = `<${KEY}@example.com>`;
const input = { to: 'ann@example.org', subject: 'Your refund', text: 'It is on its way.\n.\nShop' };
const { cert, key } = selfSigned();

interface Received {
  readonly from: string | false;
  readonly to: readonly string[];
  readonly text: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A mail server on this machine, and what it took. */
async function mailServer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    cert,
    key,
    authOptional: true,
    // An answer would wait for the name of this machine.
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ password, username }, _session, callback) =>
      password === PASSWORD ? callback(null, { user: username ?? '' }) : callback(new Error('no')),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? false : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
          user: session.user === undefined ? undefined : String(session.user),
        });
        callback();
      });
    },
    ...options,
  });
  // What clients do to it is no concern of the test.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return { received, port: (server.server.address() as AddressInfo).port };
}

/** A server that says what it is told, line by line, and may hang up; it takes no notice of what a mail holds. */
async function scriptedServer(answerTo: (line: string, socket: Socket) => string | undefined) {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let rest = '';
    const say = (line: string) => {
      const answer = answerTo(line, socket);
      if (answer !== undefined && !socket.destroyed) socket.write(`${answer}\r\n`);
    };
    say('(greeting)');
    socket.on('data', (chunk) => {
      const all = `${rest}${chunk}`.split('\r\n');
      rest = all.pop() ?? '';
      for (const line of all) {
        lines.push(line);
        say(line);
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return { lines, port: (server.address() as AddressInfo).port };
}

/** A server that goes along until a line begins with `at`. */
function until(at: string, then: string | ((socket: Socket) => void)) {
  let isData = false;
  return (line: string, socket: Socket): string | undefined => {
    if (line.startsWith(at) && (!isData || at === '.')) {
      if (typeof then === 'string') return then;
      then(socket);
      return undefined;
    }
    if (isData) {
      isData = line !== '.';
      return isData ? undefined : '250 taken';
    }
    if (line === '(greeting)') return '220 mail.example';
    isData = line === 'DATA';
    return isData ? '354 go' : '250 fine';
  };
}

function email(
  port: number,
  more: Partial<EmailOptions & EmailOptions['server']> = {},
): EmailMessageExecutor {
  const { ca, host = '127.0.0.1', timeoutMs = 2_000, tls = 'none', ...rest } = more;
  return new EmailMessageExecutor({
    server: { host, port, tls, timeoutMs, ca },
    login: null,
    from: 'shop@example.com',
    messageIdDomain: 'example.com',
    recipientDomains: null,
    ...rest,
  });
}

async function outcomeOf(executor: EmailMessageExecutor, signal = never, given: object = input) {
  const outcome = await executor.perform(sampleEffect({ input: { ...given } }), signal);
  expect(JSON.stringify(outcome)).not.toContain(PASSWORD);
  return actionOutcomeSchema.parse(outcome);
}

const login = { user: 'shop', password: async () => PASSWORD };
const taken = { outcome: 'succeeded', reference: MESSAGE_ID, was_done: false };

describe('a mail', () => {
  test('is handed over once, to one recipient, with a Message-ID made of the key', async () => {
    const { port, received } = await mailServer();
    expect(await outcomeOf(email(port, { host: 'localhost', tls: 'starttls', ca: cert, login }))).toEqual(
      taken,
    );
    expect(received).toMatchObject([
      { from: 'shop@example.com', to: ['ann@example.org'], secure: true, user: 'shop' },
    ]);
    const text = received[0]?.text ?? '';
    expect(text).toContain(`Message-ID: ${MESSAGE_ID}\r\n`);
    expect(text).toContain('From: shop@example.com\r\n');
    expect(text).toContain('To: ann@example.org\r\n');
    expect(text).toContain('Auto-Submitted: auto-generated\r\n');
    expect(text).toContain('It is on its way.\r\n.\r\nShop');
  });

  test('goes over TLS from the first byte where that is said', async () => {
    const { port, received } = await mailServer({ secure: true });
    const implicit = email(port, { host: 'localhost', tls: 'implicit', ca: cert, login });
    expect(await outcomeOf(implicit)).toEqual(taken);
    expect(received).toMatchObject([{ secure: true }]);
  });

  test('has what it is given in no other place', async () => {
    const { port, received } = await mailServer();
    const subject = 'Refund for Änn =?utf-8?q?a?= "x" <evil@example.net>';
    await outcomeOf(email(port), never, { ...input, subject, reply_to: 'help@example.com' });
    const [head = ''] = received[0]?.text.split('\r\n\r\n') ?? [];
    expect(received[0]?.to).toEqual(['ann@example.org']);
    expect(head).toContain('Reply-To: help@example.com');
    expect(head).not.toMatch(/^(bcc|cc):/im);
    expect(head.match(/^to:/gim)).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['a second recipient', { to: 'ann@example.org, bob@example.org' }],
    ['a name', { to: 'Ann <ann@example.org>' }],
    ['a line end in the recipient', { to: 'ann@example.org\r\nRCPT TO:<bob@example.org>' }],
    ['a line end after the recipient', { to: 'ann@example.org\n' }],
    ['quotes', { to: '"a b"@example.org' }],
    ['no domain', { to: 'ann' }],
    ['a domain that is an address', { to: 'ann@[127.0.0.1]' }],
    ['another domain than the configured ones', { to: 'ann@sub.example.org' }],
    ['a line end in the subject', { subject: 'a\r\nBcc: bob@example.org' }],
    ['a line feed in the subject', { subject: 'a\nb' }],
    ['another kind of line end in the subject', { subject: 'a\u2028b' }],
    ['a NUL in the subject', { subject: 'a\0b' }],
    ['no subject', { subject: ' ' }],
    ['too long a subject', { subject: 'a'.repeat(401) }],
    ['no text', { text: '' }],
    ['a line end in where to answer', { reply_to: 'a@example.org\r\nBcc: bob@example.org' }],
  ])('with %s is not sent', async (_what, changes) => {
    const { port, received } = await mailServer();
    const strict = email(port, { recipientDomains: ['example.org'] });
    expect(await outcomeOf(strict, never, { ...input, ...changes })).toMatchObject({
      outcome: 'failed',
      code: 'input_refused',
    });
    expect(received).toEqual([]);
  });

  test('goes to a configured domain in any case', async () => {
    const { port } = await mailServer();
    const strict = email(port, { recipientDomains: ['example.org'] });
    expect(await outcomeOf(strict, never, { ...input, to: 'ann@EXAMPLE.org' })).toEqual(taken);
  });
});

describe('a mail that nobody took', () => {
  const later = { outcome: 'retry', code: 'connect_failed' };
  const temporary = (code: string) => ({ outcome: 'retry', code, retry_after_ms: 300_000 });
  const failing = (code: string) => ({ outcome: 'failed', code });

  test('since nobody listens goes later', async () => {
    expect(await outcomeOf(email(await closedPort()))).toEqual(later);
  });

  test.each<[string, string, object]>([
    ['(greeting)', '554 go away', { outcome: 'retry', code: 'smtp_554', retry_after_ms: 900_000 }],
    ['(greeting)', '421 too many', temporary('smtp_421')],
    ['MAIL FROM', '550 not you', failing('smtp_550')],
    ['MAIL FROM', '530 log in', { outcome: 'retry', code: 'smtp_530', retry_after_ms: 900_000 }],
    ['RCPT TO', '550 no such user', failing('smtp_550')],
    ['RCPT TO', '451 greylisted', temporary('smtp_451')],
    ['DATA', '452 no room', temporary('smtp_452')],
    ['DATA', '554 no', failing('smtp_554')],
    ['.', '554 spam', failing('smtp_554')],
    ['.', '451 later', temporary('smtp_451')],
    ['.', '421 going down', temporary('smtp_421')],
  ])('by its answer to %s, %s', async (at, answer, outcome) => {
    const { port } = await scriptedServer(until(at, answer));
    expect(await outcomeOf(email(port))).toEqual(outcome);
  });

  test.each(['(greeting)', 'EHLO', 'MAIL FROM', 'RCPT TO', 'DATA'])(
    'since the connection was cut at %s goes later',
    async (at) => {
      const { port } = await scriptedServer(until(at, (socket) => socket.destroy()));
      expect(await outcomeOf(email(port))).toEqual(later);
    },
  );

  test.each(['(greeting)', 'MAIL FROM', 'DATA'])('since there was no answer to %s goes later', async (at) => {
    const { port } = await scriptedServer(until(at, () => undefined));
    expect(await outcomeOf(email(port, { timeoutMs: 200 }))).toEqual({ outcome: 'retry', code: 'timed_out' });
  });

  test('since the login was refused waits for a person', async () => {
    const { port, received } = await mailServer();
    const wrong = { user: 'shop', password: async () => 'wrong' };
    const refused = email(port, { host: 'localhost', tls: 'starttls', ca: cert, login: wrong });
    expect(await outcomeOf(refused)).toEqual({
      outcome: 'retry',
      code: 'credentials_refused',
      retry_after_ms: 900_000,
    });
    expect(received).toEqual([]);
  });

  test.each<[string, Partial<EmailOptions & EmailOptions['server']>]>([
    ['nobody vouches for the server', { host: 'localhost' }],
    ['the certificate is for another name', { host: '127.0.0.1', ca: cert }],
  ])('since %s waits for a person, and no password was said', async (_why, options) => {
    let logins = 0;
    const { port, received } = await mailServer({
      onAuth: (_auth, _session, callback) => {
        logins += 1;
        callback(new Error('no'));
      },
    });
    expect(await outcomeOf(email(port, { tls: 'starttls', login, ...options }))).toMatchObject({
      outcome: 'retry',
      code: 'tls_failed',
    });
    expect([logins, received]).toEqual([0, []]);
  });

  test('since the server knows no TLS was not said either', async () => {
    const { lines, port } = await scriptedServer(until('STARTTLS', '502 what is that'));
    expect(await outcomeOf(email(port, { tls: 'starttls', login }))).toMatchObject({
      outcome: 'retry',
      code: 'tls_failed',
    });
    expect(lines.filter((line) => /^(AUTH|MAIL|DATA)/.test(line))).toEqual([]);
  });

  test('since the runner stopped before goes later', async () => {
    const { port, received } = await mailServer();
    expect(await outcomeOf(email(port), AbortSignal.abort())).toEqual({ outcome: 'retry', code: 'stopped' });
    expect(received).toEqual([]);
  });

  test('since the runner stops goes later', async () => {
    const stop = new AbortController();
    const { lines, port } = await scriptedServer(until('RCPT TO', () => stop.abort()));
    expect(await outcomeOf(email(port), stop.signal)).toEqual({ outcome: 'retry', code: 'stopped' });
    expect(lines).not.toContain('DATA');
  });
});

describe('a mail that was out', () => {
  const lost = (code: string) => ({ outcome: 'unknown', code });

  test('when the connection was cut before the server said anything may have been taken', async () => {
    const { lines, port } = await scriptedServer(until('.', (socket) => socket.destroy()));
    expect(await outcomeOf(email(port))).toEqual(lost('connection_lost'));
    expect(lines.at(-1)).toBe('.');
  });

  test('and taken by a server that hung up without a word is not known to be', async () => {
    const got: string[] = [];
    const { port } = await mailServer({
      onData(stream, session) {
        stream.on('data', (chunk: Buffer) => got.push(chunk.toString('utf8')));
        stream.on('end', () => sockets.get(session.remotePort)?.destroy());
      },
      onConnect(_session, callback) {
        callback();
      },
    });
    const sockets = new Map<number, Socket>();
    const { createConnection } = await import('node:net');
    // Between the two, so that the test can cut what is between the server and its client.
    const between = createServer((near) => {
      const far = createConnection({ host: '127.0.0.1', port });
      near.on('error', () => undefined);
      far.on('error', () => undefined);
      far.on('connect', () => sockets.set(far.localPort ?? 0, near));
      near.pipe(far).pipe(near);
      near.on('close', () => far.destroy());
    });
    await new Promise<void>((resolve) => {
      between.listen(0, '127.0.0.1', resolve);
    });
    closing.unshift(() => new Promise((resolve) => between.close(resolve)));
    expect(await outcomeOf(email((between.address() as AddressInfo).port))).toEqual(lost('connection_lost'));
    expect(got.join('')).toContain('It is on its way.');
  });

  test('and never answered is ended by its time', async () => {
    const { port } = await scriptedServer(until('.', () => undefined));
    expect(await outcomeOf(email(port, { timeoutMs: 300 }))).toEqual(lost('timed_out'));
  });

  test('when the runner stopped may have been taken', async () => {
    const stop = new AbortController();
    const { port } = await scriptedServer(until('.', () => stop.abort()));
    expect(await outcomeOf(email(port), stop.signal)).toEqual(lost('stopped'));
  });

  test('and answered with what is no answer may have been taken', async () => {
    const { port } = await scriptedServer(until('.', 'HTTP/1.1 400 Bad Request'));
    expect(await outcomeOf(email(port, { timeoutMs: 500 }))).toMatchObject({ outcome: 'unknown' });
  });

  test('is not sent a second time: nobody can be asked', async () => {
    const { port, received } = await mailServer();
    const action = laterAction(3_600_000, { provider: 'email.message', input });
    expect(await performAction(email(port), action, { now: NOW, signal: never })).toMatchObject({
      outcome: 'unknown',
      code: 'outcome_unknown',
    });
    expect(received).toEqual([]);
  });
});
