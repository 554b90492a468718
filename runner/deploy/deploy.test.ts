import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { USUAL_TOKEN_ENV } from '../commands/init/answers.ts';
import { runnerConfigSchema } from '../config/runner-config.ts';
import { receiptTableSql } from '../databases/postgres/receipts-sql.ts';
import { exitCodes } from '../exit-codes.ts';
import { runnerVersion } from '../version.ts';
import { dockerfileLines, imageFacts } from './dockerfile.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const config = runnerConfigSchema.parse(JSON.parse(read('runner.json')));

describe('the image', () => {
  test('runs as a number that is not root, without a shell', () => {
    const { user, entrypoint, command, healthcheck } = imageFacts();
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    for (const argv of [entrypoint, healthcheck]) expect(argv[0]).toMatch(/^\/.*\/node$/);
    expect(command).toEqual(['start', '--config', '/etc/countersign/runner.json']);
    expect(healthcheck.slice(2)).toEqual(['status', '--daemon', ...command.slice(1)]);
  });

  test('is made of nothing but what the build stage gathered', () => {
    const lines = dockerfileLines();
    expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([
      `FROM ${'$'}{NODE_IMAGE} AS build`,
      'FROM scratch',
    ]);
    const image = lines.slice(lines.indexOf('FROM scratch'));
    expect(image.filter((line) => /^(COPY|ADD|RUN) /.test(line))).toEqual(['COPY --from=build /image /']);
  });

  test('is built on one exact release of Node', () => {
    expect(dockerfileLines()[0]).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-[a-z]+-slim$/);
  });

  test('is built without the secrets and the state of the checkout', () => {
    const ignored = readFileSync(join(import.meta.dirname, '../../.dockerignore'), 'utf8').split('\n');
    for (const path of [
      '**/.git',
      '**/node_modules',
      '**/secrets',
      '**/.dev.vars*',
      '**/.env*',
      '.countersign',
    ]) {
      expect(ignored).toContain(path);
    }
    expect(ignored.filter((line) => line.startsWith('!'))).toEqual([]);
  });
});

/** The settings of the unit by section and name; one that is set twice has two values. */
function unitSettings(): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  let section = '';
  for (const line of read('countersign-runner.service').split('\n')) {
    if (line.startsWith('[')) section = line;
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) settings.set(section + name, [...(settings.get(section + name) ?? []), value]);
  }
  return settings;
}

describe('the systemd unit', () => {
  const unit = unitSettings();
  const service = (name: string) => unit.get(`[Service]${name}`);

  test.each([
    ['DynamicUser', 'yes'],
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    ['CapabilityBoundingSet', ''],
    ['RestrictAddressFamilies', 'AF_INET AF_INET6'],
    ['SystemCallFilter', '@system-service'],
    ['Restart', 'on-failure'],
  ])('has %s=%s', (name, value) => {
    expect(service(name)).toEqual([value]);
  });

  test('does not start again what only a person can put right', () => {
    expect(service('RestartPreventExitStatus')).toEqual([`${exitCodes.usage} ${exitCodes.refused}`]);
  });

  test('leaves more than the 10 s of the drain before it kills', () => {
    expect(Number(service('TimeoutStopSec')?.[0])).toBeGreaterThanOrEqual(15);
  });

  test('hands over the same two secrets as the compose file, and of the environment only where they are', () => {
    const names = service('LoadCredential')?.map((value) => value.split(':')[0]);
    expect(names).toEqual(secretsOf('runner'));
    expect(service('Environment')).toEqual([
      `${USUAL_TOKEN_ENV}_FILE=/run/credentials/%n/${names?.[0]}`,
      `DATABASE_URL_FILE=/run/credentials/%n/${names?.[1]}`,
    ]);
    expect(service('EnvironmentFile')).toBeUndefined();
  });
});

/** The text of one service of the compose file: what is indented below its name. */
function composeService(name: string): string {
  const [, text = ''] = new RegExp(`\\n {2}${name}:\\n((?: {4}.*\\n|\\n)+)`).exec(read('compose.yaml')) ?? [];
  return text;
}

function secretsOf(name: string): string[] {
  return /^ {4}secrets: \[(.+)\]$/m.exec(composeService(name))?.[1]?.split(', ') ?? [];
}

describe('the compose file', () => {
  test.each(['runner', 'postgres'])('gives %s no rights and no writable root', (name) => {
    const lines = composeService(name).split('\n');
    expect(lines).toContain('    read_only: true');
    expect(lines).toContain('    cap_drop: [ALL]');
    expect(lines).toContain('    security_opt: ["no-new-privileges:true"]');
    expect(lines.filter((line) => /^ {4}(ports|privileged|cap_add|network_mode|pid):/.test(line))).toEqual(
      [],
    );
  });

  test('names exact releases, its own the present one', () => {
    const images = [...read('compose.yaml').matchAll(/^ {4}image: (.+)$/gm)].map(([, image]) => image);
    expect(images).toEqual([
      `countersign-runner:${runnerVersion}`,
      expect.stringMatching(/^postgres:\d+\.\d+-[a-z]+$/),
    ]);
  });

  test('leaves the runner more than the 10 s of the drain', () => {
    const [, seconds] = /^ {4}stop_grace_period: (\d+)s$/m.exec(composeService('runner')) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(15);
  });

  test('keeps the database off every network but its own, which leads nowhere', () => {
    expect(composeService('postgres')).toContain('\n    networks: [database]\n');
    expect(read('compose.yaml')).toContain('\n  database:\n    internal: true\n');
  });

  test('puts every secret that the configuration asks for where it asks', () => {
    const asked = [
      config.control_plane.token,
      ...Object.values(config.sources).map((each) => each.database_url),
    ];
    expect(asked).toEqual(secretsOf('runner').map((name) => ({ file: `/run/secrets/${name}` })));
  });

  test('takes every secret from a file that git does not have', () => {
    const named = [...secretsOf('runner'), ...secretsOf('postgres')];
    const sources = [...read('compose.yaml').matchAll(/^ {4}file: (.+)$/gm)].map(([, file]) => file);
    expect(sources).toEqual(named.map((name) => `./secrets/${name}`));
    expect(read('.gitignore').split('\n')).toContain('secrets/');
  });
});

describe('the example', () => {
  test('answers the health check on this machine only', () => {
    expect(config.http).toEqual({ host: '127.0.0.1', port: 9464 });
  });

  test('refuses a role that may do more than is needed', () => {
    expect(config.profile).toBe('production');
  });

  test('makes the receipt table that this release needs', () => {
    expect(read('database.sql')).toContain(`\n${receiptTableSql('public', 'countersign_receipts')};\n`);
  });
});

test('no file here holds a secret', () => {
  const files = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(5);
  for (const { name } of files) {
    expect(read(name), name).not.toMatch(
      /syn_[a-z]+_|postgres(ql)?:\/\/[^\s/]*:[^\s/]*@|PASSWORD[:=] *['"]?\w/,
    );
  }
});
