import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../load-config.ts';
import { packagesBehind } from './gather-plane.ts';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

function configIn(name: string) {
  const parsed = parseConfig(read(name));
  return 'config' in parsed ? parsed.config : undefined;
}

describe('the image', () => {
  const lines = read('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  const image = lines.slice(lines.indexOf('FROM scratch'));

  test('runs as a number that is not root', () => {
    expect(image).toContain('USER 65532:65532');
  });

  test('is made of nothing but what the build stage gathered, and a store of its user', () => {
    expect(image.filter((line) => /^(COPY|ADD|RUN) /.test(line))).toEqual([
      'COPY --from=build /image /',
      'COPY --from=build --chown=65532:65532 /state /var/lib/countersign',
    ]);
  });

  test('is built on the release of Node on which everything is tested', () => {
    const [, release] = /^ARG NODE_IMAGE=node:(\d+\.\d+\.\d+)-[a-z]+-slim$/m.exec(lines.join('\n')) ?? [];
    const root = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(release).toBe(root.devDependencies.node);
  });

  test('serves what its example configures: behind a proxy, from its volume', () => {
    expect(image).toContain('VOLUME ["/var/lib/countersign"]');
    expect(configIn('container.json')).toMatchObject({
      listen: { host: '0.0.0.0', port: 8787, behind_tls_proxy: true },
      store: expect.stringMatching(/^\/var\/lib\/countersign\/./),
    });
    expect(image).toContain('EXPOSE 8787');
  });

  test('holds miniflare and workerd, and no decoders of pictures', () => {
    const packages = packagesBehind('miniflare');
    for (const name of ['miniflare', 'workerd', 'undici']) expect(packages).toContain(name);
    expect([...packages].filter((name) => name.startsWith('@cloudflare/workerd-'))).toHaveLength(1);
    expect([...packages].filter((name) => /sharp|@img/.test(name))).toEqual([]);
  });
});

/** The settings of the unit's service by name. */
function serviceSettings(): Map<string, string> {
  const [, service = ''] = /\[Service\]\n([^[]*)/.exec(read('countersign.service')) ?? [];
  return new Map([...service.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

describe('the systemd unit', () => {
  const service = serviceSettings();

  test.each([
    ['DynamicUser', 'yes'],
    ['NoNewPrivileges', 'yes'],
    ['ProtectSystem', 'strict'],
    ['CapabilityBoundingSet', ''],
    ['RestrictAddressFamilies', 'AF_INET AF_INET6'],
    ['StateDirectoryMode', '0700'],
    ['Restart', 'on-failure'],
    ['KillMode', 'mixed'],
  ])('has %s=%s', (name, value) => {
    expect(service.get(name)).toBe(value);
  });

  test('keeps its store where the example says', () => {
    expect(configIn('countersign.json')?.store).toBe(`/var/lib/${service.get('StateDirectory')}`);
  });

  test('leaves more than the 10 s that a plane is given before it kills', () => {
    expect(Number(service.get('TimeoutStopSec'))).toBeGreaterThanOrEqual(15);
  });
});

test('the examples listen on this machine alone, or behind a proxy', () => {
  expect(configIn('countersign.json')?.listen).toMatchObject({ host: '127.0.0.1' });
});

test('no file here holds a secret', () => {
  const files = readdirSync(import.meta.dirname);
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) expect(read(name), name).not.toMatch(/syn_[a-z]+_|token_mac_keys": *\[/);
});
