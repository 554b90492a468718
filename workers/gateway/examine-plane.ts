import { schemaFinding } from '@countersign/durable-objects/tenant/storage/schema-finding';
import { schemaState } from '@countersign/durable-objects/tenant/storage/schema-state';
import { type DoctorFinding, finding } from '@countersign/protocol/doctor-report';
import type { Issuer } from '@countersign/protocol/gateway-settings';
import * as z from 'zod';
import { type GatewayEnv, settingsOf } from './settings.ts';

const ISSUER_WITHIN_MS = 4_000;
/** A set of keys is some kilobytes. */
const LONGEST_KEYS = 256 * 1024;

const keysSchema = z.looseObject({
  keys: z.array(
    z.looseObject({
      kty: z.string(),
      alg: z.string().optional(),
      crv: z.string().optional(),
      use: z.string().optional(),
    }),
  ),
});
type Key = z.infer<typeof keysSchema>['keys'][number];

/** The gateway's side of a doctor: what it is bound to, its directory, and whether the issuers that it trusts are there. */
export async function examinePlane(env: GatewayEnv): Promise<readonly DoctorFinding[]> {
  const { issuers } = settingsOf(env);
  const [directory, ...keys] = await Promise.all([examineDirectory(env.DB), ...issuers.map(examineIssuer)]);
  const none = finding(
    'no_issuers',
    'setting ISSUERS',
    'no person can sign in',
    'name the identity provider in ISSUERS',
  );
  return [examineBindings(env), directory, ...(issuers.length === 0 ? [none] : keys)];
}

/** What no request would tell apart from other trouble: whoever asks this has been let in, so the rest is there. */
function examineBindings(env: GatewayEnv): DoctorFinding {
  if (env.SIGN_UP === 'anyone' && env.PROVISIONER === undefined) {
    return finding(
      'binding_missing',
      'binding PROVISIONER',
      'people may sign up, and there is no provisioner to make their projects',
      'deploy the provisioner and name it under [[services]] in wrangler.toml, or set SIGN_UP to nobody',
    );
  }
  return finding('bindings_present', 'gateway', 'settings and bindings are there');
}

async function examineDirectory(directory: D1Database): Promise<DoctorFinding> {
  const where = 'directory DB';
  try {
    const { results } = await directory
      .prepare('SELECT name FROM d1_migrations ORDER BY id')
      .all<{ name: string }>();
    return schemaFinding(where, schemaState(results.map(({ name }) => name)));
  } catch (fault) {
    const isUnrecorded = fault instanceof Error && fault.message.includes('no such table');
    if (isUnrecorded) return schemaFinding(where, { kind: 'unrecorded' });
    return finding(
      'database_unreachable',
      where,
      'it did not answer',
      'ask again; then look at the status of Cloudflare',
    );
  }
}

async function examineIssuer({ algorithms, issuer, jwks_uri }: Issuer): Promise<DoctorFinding> {
  const where = `issuer ${issuer}`;
  const keys = await keysAt(jwks_uri);
  if (keys === undefined) {
    const fix = `let ${new URL(jwks_uri).host} answer at the jwks_uri of ISSUERS, with JSON, within 4 s`;
    return finding('issuer_unreachable', where, 'its keys cannot be had, so its tokens are refused', fix);
  }
  const usable = keys.filter((key) => algorithms.some((algorithm) => fits(key, algorithm)));
  if (usable.length === 0) {
    const message = `none of its ${keys.length} keys is of ${algorithms.join(', ')}`;
    return finding(
      'issuer_keys_unusable',
      where,
      message,
      'let it sign with one of them, or name its own in ISSUERS',
    );
  }
  return finding('issuer_reachable', where, `${usable.length} usable keys`);
}

/** The keys at an address; undefined for any trouble with it. Redirects are not followed: nobody configured where to. */
async function keysAt(address: string): Promise<readonly Key[] | undefined> {
  try {
    const signal = AbortSignal.timeout(ISSUER_WITHIN_MS);
    const response = await fetch(address, {
      signal,
      redirect: 'manual',
      headers: { accept: 'application/json' },
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return undefined;
    }
    return keysSchema.parse(JSON.parse(await textOf(response.body))).keys;
  } catch {
    return undefined;
  }
}

/** Throws for what is longer than any set of keys. */
async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > LONGEST_KEYS) throw new RangeError('a set of keys is not that long');
  }
  return text + decoder.decode();
}

type Algorithm = Issuer['algorithms'][number];
const curves: Readonly<Partial<Record<Algorithm, string>>> = {
  ES256: 'P-256',
  ES384: 'P-384',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
};

/** Whether a key can have signed with this algorithm. */
function fits({ alg, crv, kty, use }: Key, algorithm: Algorithm): boolean {
  if (use !== undefined && use !== 'sig') return false;
  if (alg !== undefined) return alg === algorithm;
  const curve = curves[algorithm];
  return curve === undefined ? kty === 'RSA' : crv === curve;
}
