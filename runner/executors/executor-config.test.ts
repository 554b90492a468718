import { describe, expect, test } from 'vitest';
import { ConfigError } from '../config/config-error.ts';
import { executorConfigSchema, executorsConfigSchema } from './executor-config.ts';
import { makeExecutors } from './make-executors.ts';

const secret = { env: 'SECRET' };
const webhook = { provider: 'webhook', url: 'https://hooks.example/in?of=us', secrets: [secret] };
const stripe = { provider: 'stripe.refund', secret_key: secret };
const zendesk = {
  provider: 'zendesk.ticket',
  url: 'https://us.zendesk.com',
  email: 'agent@example.com',
  token: secret,
};
const slack = { provider: 'slack.message', token: secret };
const email = { provider: 'email.message', host: 'smtp.example', port: 587, from: 'shop@example.com' };
const command = { provider: 'command', program: '/usr/local/bin/send-letter' };

function faultsOf(config: object): readonly string[] {
  const parsed = executorConfigSchema.safeParse(config);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ message, path }) => `${path.join('.')}: ${message}`);
}

describe('a target', () => {
  test.each([webhook, stripe, zendesk, slack, email, command])('may be $provider', (config) => {
    expect(faultsOf(config)).toEqual([]);
  });

  test('has what is usual for what it does not say', () => {
    expect(executorConfigSchema.parse(webhook)).toMatchObject({
      timeout_ms: 15_000,
      remembers_ms: 86_400_000,
      allow_private: false,
    });
    expect(executorConfigSchema.parse(stripe)).toMatchObject({ url: 'https://api.stripe.com' });
    expect(executorConfigSchema.parse(slack)).toMatchObject({ url: 'https://slack.com/api/' });
    expect(executorConfigSchema.parse(email)).toMatchObject({ tls: 'starttls' });
    expect(executorConfigSchema.parse(command)).toMatchObject({ args: [], cwd: '/', secrets: {} });
  });

  test.each<[string, object]>([
    ['no provider that is known', { ...webhook, provider: 'fax' }],
    ['a field that is not known', { ...webhook, verify: false }],
    ['a secret in it', { ...webhook, secrets: ['whsec_abc'] }],
    ['no secret', { ...webhook, secrets: [] }],
    ['too many secrets', { ...webhook, secrets: Array.from({ length: 6 }, () => secret) }],
    ['no URL', { ...webhook, url: 'hooks.example' }],
    ['a URL without TLS', { ...webhook, url: 'http://hooks.example/' }],
    ['a URL without TLS on another machine', { ...webhook, url: 'http://10.0.0.1/', allow_private: true }],
    ['a URL without TLS that is not allowed', { ...webhook, url: 'http://127.0.0.1/' }],
    ['a private address', { ...webhook, url: 'https://10.0.0.1/' }],
    ['a private address in another spelling', { ...webhook, url: 'https://0x7f000001/' }],
    ['metadata, whatever is allowed', { ...webhook, url: 'https://169.254.169.254/', allow_private: true }],
    ['a user in its URL', { ...webhook, url: 'https://user:password@hooks.example/' }],
    ['a fragment in its URL', { ...webhook, url: 'https://hooks.example/#a' }],
    ['a file as URL', { ...webhook, url: 'file:///etc/passwd' }],
    ['a path where there is none', { ...stripe, url: 'https://api.stripe.com/v1' }],
    ['a path where there is none', { ...zendesk, url: 'https://us.zendesk.com/api' }],
    ['no account', { ...stripe, account: 'us' }],
    ['no agent', { ...zendesk, email: 'agent' }],
    ['a channel by its name', { ...slack, channels: ['#general'] }],
    ['no channel', { ...slack, channels: [] }],
    ['a sender with a name', { ...email, from: 'Shop <shop@example.com>' }],
    ['a sender with a line end', { ...email, from: 'shop@example.com\r\nbcc: a@b.example' }],
    ['no TLS to another machine', { ...email, tls: 'none' }],
    ['no TLS to one that only sounds like this one', { ...email, tls: 'none', host: 'localhost.example' }],
    ['a domain that is none', { ...email, recipient_domains: ['@example.com'] }],
    ['a program by its name', { ...command, program: 'send-letter' }],
    ['a relative folder', { ...command, cwd: '.' }],
    ['the key overridden', { ...command, secrets: { COUNTERSIGN_IDEMPOTENCY_KEY: secret } }],
    ['the path overridden', { ...command, secrets: { PATH: secret } }],
    ['no time at all', { ...command, timeout_ms: 0 }],
    ['too much time', { ...command, timeout_ms: 3_600_000 }],
  ])('must not have %s', (_what, config) => {
    expect(faultsOf(config)).not.toEqual([]);
  });

  test('may be without TLS on this machine where that is said', () => {
    for (const host of ['127.0.0.1:9000', '[::1]:9000', 'localhost:9000']) {
      expect(faultsOf({ ...webhook, url: `http://${host}/in`, allow_private: true })).toEqual([]);
    }
    expect(faultsOf({ ...email, tls: 'none', host: '127.0.0.1' })).toEqual([]);
  });

  test('is told what is wrong by where it stands', () => {
    expect(faultsOf({ ...zendesk, url: 'https://10.0.0.1', email: 'agent' })).toEqual([
      'email: must be one e-mail address, as name@example.com',
      'url: must not name a private address, unless allow_private is true',
    ]);
    expect(faultsOf({ ...zendesk, url: 'https://10.0.0.1' })).toEqual([
      'url: must not name a private address, unless allow_private is true',
    ]);
    expect(faultsOf({ ...email, tls: 'none' })).toEqual([
      'tls: must not be none, unless host is this machine: 127.0.0.1, ::1 or localhost',
    ]);
  });
});

describe('the executors of a configuration', () => {
  const all = {
    hook: webhook,
    pay: stripe,
    help: zendesk,
    chat: slack,
    mail: { ...email, login: { user: 'shop', password: { env: 'PASSWORD' } } },
    letter: { ...command, secrets: { API_KEY: secret } },
  };
  const whsec = `whsec_${Buffer.alloc(32).toString('base64')}`;

  test('have the names and providers that it says', async () => {
    const environment = { SECRET: whsec, PASSWORD: 'with blanks' };
    const executors = await makeExecutors(executorsConfigSchema.parse(all), environment);
    const providers = executors.targets.map((target) => [target, executors.get(target)?.provider]);
    expect(Object.fromEntries(providers)).toEqual({
      hook: 'webhook',
      pay: 'stripe.refund',
      help: 'zendesk.ticket',
      chat: 'slack.message',
      mail: 'email.message',
      letter: 'command',
    });
    expect(executors.get('toString')).toBeUndefined();
    await executors.close();
  });

  test('are not made without their secrets, which are named by their places', async () => {
    const made = makeExecutors(executorsConfigSchema.parse(all), { SECRET: 'not a whsec topsecret' });
    const error: unknown = await made.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ConfigError)) throw new Error('they were made');
    expect(error.faults).toEqual([
      '$.executors.hook: a secret of a webhook must be whsec_ and 24 to 64 bytes in base64',
      '$.executors.pay: the secret holds blanks, or characters that are not ASCII',
      '$.executors.help: the secret holds blanks, or characters that are not ASCII',
      '$.executors.chat: the secret holds blanks, or characters that are not ASCII',
      '$.executors.mail: the environment variable PASSWORD is not set or empty, and PASSWORD_FILE names no file: set one of them',
    ]);
    expect(error.message).not.toContain('topsecret');
  });

  test('are none where none is configured', async () => {
    expect((await makeExecutors({}, {})).targets).toEqual([]);
  });
});
