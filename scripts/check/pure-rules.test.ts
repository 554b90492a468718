import { beforeAll, describe, expect, test } from 'vitest';
import { type Findings, lintPlanted } from './lint-planted.ts';

const IMPURE: readonly string[] = [
  'export const now = Date.now();',
  'export const clock = Date.now;',
  'export const now = new Date();',
  'export const now = new Date;',
  'export const now = Date();',
  'const { now } = Date;\nexport const time = now();',
  'export const now = performance.now();',
  'export const chance = Math.random();',
  'export const id = crypto.randomUUID();',
  'export const id = globalThis.crypto.randomUUID();',
  'export const bytes = crypto.getRandomValues(new Uint8Array(8));',
  "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();",
  "import { createHash, randomBytes as draw } from 'node:crypto';\nexport const used = [createHash, draw];",
  "import crypto from 'node:crypto';\nexport const id = crypto.randomUUID();",
];

const PURE: readonly string[] = [
  'export const time = (now: number) => new Date(now).toISOString();',
  "export const time = Date.parse('2026-01-01T00:00:00Z');",
  "import { createHash } from 'node:crypto';\nexport const hash = createHash('sha256');",
];

const RIM: readonly string[] = [
  'durable-objects/tenant/tenant-shell.ts',
  'durable-objects/tenant/job/job.test.ts',
  'workers/gateway/clock.ts',
];

const CLOCK = 'export const now = Date.now();\n';

describe('the rules of the tenant object draw neither time nor chance', () => {
  let findings: Findings = new Map();
  const about = (path: string) => (findings.get(path) ?? []).filter((it) => it.startsWith('plugin'));
  const pathOf = (kind: string, at: number) => `durable-objects/tenant/job/${kind}-${at}.ts`;

  beforeAll(() => {
    const files = new Map(RIM.map((path) => [path, CLOCK]));
    for (const [at, source] of IMPURE.entries()) files.set(pathOf('impure', at), source);
    for (const [at, source] of PURE.entries()) files.set(pathOf('pure', at), source);
    findings = lintPlanted(files);
  });

  test.each(IMPURE.map((source, at) => [source, at] as const))('refused: %s', (_, at) => {
    expect(about(pathOf('impure', at))).toContainEqual(
      expect.stringContaining('A rule has no clock and no randomness'),
    );
  });

  test.each(PURE.map((source, at) => [source, at] as const))('passes: %s', (_, at) => {
    expect(about(pathOf('pure', at))).toEqual([]);
  });

  test.each(RIM)('%s is outside the rule', (path) => {
    expect(about(path)).toEqual([]);
  });
});
