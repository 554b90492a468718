import { ApiError } from '@countersign/client/api-error';
import type { View } from '@countersign/client/call-api';
import { faultCode } from '@countersign/client/retryable';
import { clockFinding, type DoctorFinding, finding } from '@countersign/protocol/doctor-report';
import { durationText } from '../command/duration.ts';
import { CliFault } from '../fault.ts';
import type { Plane } from '../plane.ts';
import type { World } from '../world.ts';

const WHERE = 'control plane';
const CREDENTIAL = 'credential';
/** Milliseconds before its end at which a credential of a machine is spoken of: a day. */
const ENDS_SOON = 86_400_000;
const OF_TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_)/;

/** What can be told of a control plane from here: the way to it, the credential, and what it says of itself. */
export async function examinePlane(plane: Plane, { now, signal }: World): Promise<readonly DoctorFinding[]> {
  const way = await examineWay(plane, signal);
  if (way.outcome !== 'ok') return [way];
  const credential = await examineCredential(plane, now(), signal);
  if (credential.outcome === 'failed' || credential.outcome === 'unreachable') return [way, credential];
  return [way, credential, ...(await examineInside(plane, now, signal))];
}

async function examineWay(plane: Plane, signal: AbortSignal): Promise<DoctorFinding> {
  try {
    await plane.engine.alive({ signal });
    const how = plane.url.startsWith('https:') ? 'over TLS' : 'without leaving this machine';
    return finding('plane_reachable', WHERE, `${plane.url} answers, ${how}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const code = faultCode(error.cause) ?? error.code;
    if (OF_TLS.test(code)) {
      const fix = 'give it a certificate for this name, of an authority that is trusted here';
      return finding(
        'tls_invalid',
        WHERE,
        `the certificate of ${plane.url} does not count here (${code})`,
        fix,
      );
    }
    const message = `${plane.url} does not answer as a control plane does (${code})`;
    return finding('plane_unreachable', WHERE, message, 'check --url, or the profile, and the way to it');
  }
}

async function examineCredential(plane: Plane, now: number, signal: AbortSignal): Promise<DoctorFinding> {
  try {
    return credentialFinding(await plane.session.self({ signal }), now);
  } catch (error) {
    if (error instanceof CliFault)
      return finding('credential_refused', CREDENTIAL, error.message, error.next);
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'misconfigured') {
      const fix = 'set it (wrangler.toml, wrangler secret put), and deploy';
      return finding('settings_wrong', 'gateway', error.message, fix);
    }
    const message = `${error.message} (${error.code})`;
    if (error.isRefusal)
      return finding('credential_refused', CREDENTIAL, message, error.next ?? 'countersign login');
    return finding('plane_unreachable', WHERE, message, error.next ?? 'try again shortly');
  }
}

/** The kind of a credential, and when it ends. A person's is renewed by signing in, so its end is no warning. */
export function credentialFinding({ context }: View, now: number): DoctorFinding {
  const known = typeof context === 'object' && context !== null ? context : {};
  const { expires_at: end, kind, name }: { expires_at?: unknown; kind?: unknown; name?: unknown } = known;
  const who = `${String(kind ?? 'unknown')} ${String(name ?? '')}`.trim();
  const left = typeof end === 'string' ? Date.parse(end) - now : Number.NaN;
  if (Number.isNaN(left)) return finding('credential_valid', CREDENTIAL, `${who}; it does not end by itself`);
  const message = `${who}; it ends in ${durationText(left)}`;
  if (kind === 'person' || left > ENDS_SOON) return finding('credential_valid', CREDENTIAL, message);
  return finding(
    'credential_ends',
    CREDENTIAL,
    message,
    'rotate it before then, and put the new one in its place',
  );
}

async function examineInside(
  plane: Plane,
  now: () => number,
  signal: AbortSignal,
): Promise<readonly DoctorFinding[]> {
  const before = now();
  try {
    const { findings, server_time } = await plane.engine.doctor({ signal });
    return [
      ...findings,
      clockFinding('clock of the control plane', Date.parse(server_time), [before, now()]),
    ];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.isUnauthorized) {
      const fix = 'let an owner, admin or operator say countersign doctor';
      return [finding('not_for_this_credential', WHERE, 'the rest is for operators', fix)];
    }
    const message = `${error.message} (${error.code})`;
    return [finding('plane_unreachable', WHERE, message, error.next ?? 'try again shortly')];
  }
}
