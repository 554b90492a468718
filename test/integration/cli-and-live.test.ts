import { runCli } from '@countersign/cli/testing/run-cli';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { propose } from '../support/flow.ts';
import { type SharedPlane, sharedPlane } from '../support/shared-planes.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import type { Client, TestTenant } from '../support/tenant.ts';

/* The live feed as an operator has it on a screen: the command line, the client, and the real control plane. */

let plane: SharedPlane;
let proxy: TcpProxy;

beforeAll(async () => {
  plane = await sharedPlane();
  proxy = await TcpProxy.start({ host: '127.0.0.1', port: Number(new URL(plane.origin).port) });
}, 60_000);
afterAll(() => proxy.stop());

/** `countersign live` in the hands of somebody, until it is stopped. */
function watching({ project }: TestTenant, { token }: Client, ...args: string[]) {
  const stop = new AbortController();
  const out: string[] = [];
  const said: string[] = [];
  const ended = runCli(['live', ...args], {
    environment: {
      COUNTERSIGN_URL: `http://127.0.0.1:${proxy.port}`,
      COUNTERSIGN_PROJECT: project,
      COUNTERSIGN_TOKEN: token,
      COUNTERSIGN_CONFIG_DIR: '/nowhere',
    },
    signal: stop.signal,
    hear: (text) => said.push(text),
    listen: (text) => out.push(text),
  });
  const until = (isReached: () => boolean) => eventually(async () => isReached(), Boolean);
  return {
    out,
    said,
    until,
    live: (times = 1) => until(() => said.filter((text) => text === 'live\n').length === times),
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

describe('countersign live', () => {
  test('prints what is recorded, a line each, and nothing of its content', async () => {
    const tenant = await plane.tenant();
    const screen = watching(tenant, tenant.olivia);
    await screen.live();
    const id = await propose(tenant.service);
    await screen.until(() => screen.out.length === 1);
    expect(screen.out[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\d+ {2}proposal\.submitted {2}wrp_\S+\n$/,
    );
    expect(screen.out[0]).toContain(id);
    expect(await screen.stop()).toMatchObject({ code: 0 });
  });

  test('goes on where the connection broke, says that it broke, and misses nothing', async () => {
    const tenant = await plane.tenant();
    const screen = watching(tenant, tenant.olivia, '--json');
    await screen.live();
    const ids = [await propose(tenant.service)];
    await screen.until(() => screen.out.length === 2);
    proxy.refuse(true);
    proxy.cut();
    await screen.until(() => screen.said.some((text) => text.startsWith('DISCONNECTED for ')));
    for (let count = 0; count < 3; count += 1) ids.push(await propose(tenant.service));
    proxy.refuse(false);
    await screen.live(2);
    ids.push(await propose(tenant.service));
    await screen.until(() => screen.out.length === 6);
    const [reset, ...entries] = screen.out.map((line) => JSON.parse(line));
    expect(Object.keys(reset)).toEqual(['reset']);
    expect(entries.map(({ proposal_id }) => proposal_id)).toEqual(ids);
    await screen.stop();
  });

  test('begins behind the entry that somebody knows', async () => {
    const tenant = await plane.tenant();
    const screen = watching(tenant, tenant.vera, '--after', '1', '--json');
    await screen.until(() => screen.out.length > 0);
    expect(JSON.parse(screen.out[0] ?? '')).toMatchObject({ seq: 2 });
    await screen.stop();
  });

  test('ends where it may not, and says so', async () => {
    const tenant = await plane.tenant();
    const { code, err } = await runCli(['live'], {
      environment: {
        COUNTERSIGN_URL: plane.origin,
        COUNTERSIGN_PROJECT: tenant.project,
        COUNTERSIGN_TOKEN: tenant.agent.token,
        COUNTERSIGN_CONFIG_DIR: '/nowhere',
      },
    });
    expect(code).not.toBe(0);
    expect(err).toContain('not tried again');
    expect(err).toContain('a token of kind agent may not do this');
  });
});
