import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { canonicalJson, digest } from '@countersign/protocol/canonical-json';
import { jobIdOf, mintId } from '@countersign/protocol/ids';
import { type EntryType } from '@countersign/protocol/entry-types';
import { entryHashOver, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { ExportWriter } from '@countersign/protocol/ledger-export';
import { lateFeeRequest } from './late-fee-request.ts';
import { RUNNER, SOURCE, TENANT } from './names.ts';

const BEGIN = Date.parse('2026-11-21T00:00:00Z');
/** Proposals under way at a time: the entries of several stand between two of one. */
const UNDER_WAY = 50;
/** Characters gathered before they are written. */
const PIECE = 1_000_000;

export interface SampleLedger {
  readonly entries: number;
  readonly bytes: number;
  /** Of the bodies alone, on average. */
  readonly bodyBytes: number;
}

/** Writes an export of a tenant's whole ledger, in which proposals are submitted, approved, leased and applied. */
export async function writeSampleLedger(path: string, entries: number): Promise<SampleLedger> {
  const file = await open(path, 'wx');
  const writer = new ExportWriter({ project_id: TENANT, scope: 'whole' });
  let [piece, bytes, bodyBytes] = ['', 0, 0];
  const flush = async () => {
    bytes += (await file.write(piece)).bytesWritten;
    piece = '';
  };
  try {
    for (const { entry, bodyText } of sampleEntries(entries)) {
      piece += writer.line(entry);
      bodyBytes += Buffer.byteLength(bodyText);
      if (piece.length > PIECE) await flush();
    }
    piece += writer.manifest(new Date(BEGIN).toISOString());
    await flush();
  } finally {
    await file.close();
  }
  return { entries, bytes, bodyBytes: bodyBytes / entries };
}

interface Fact {
  readonly type: EntryType;
  readonly actor: LedgerEntry['actor'];
  readonly body: LedgerEntry['body'];
}

/** As many entries, in both chains. */
function* sampleEntries(
  count: number,
): Generator<{ readonly entry: LedgerEntry; readonly bodyText: string }> {
  let previous: LedgerEntry | undefined;
  const tips = new Map<string, LedgerEntry>();
  for (const { subject, fact } of history()) {
    const seq = (previous?.seq ?? 0) + 1;
    if (seq > count) return;
    const tip = tips.get(subject);
    const unsealed = {
      tenant: TENANT,
      seq,
      at: new Date(BEGIN + seq).toISOString(),
      ...fact,
      subject,
      prev_hash: previous?.hash ?? genesisHash(TENANT),
      prev_subject_seq: tip?.seq ?? null,
      prev_subject_hash: tip?.hash ?? null,
    };
    const bodyText = canonicalJson(fact.body);
    previous = { ...unsealed, hash: entryHashOver(unsealed, bodyText) };
    if (fact.type === 'writeback.result') tips.delete(subject);
    else tips.set(subject, previous);
    yield { entry: previous, bodyText };
  }
}

/** What happens, without end: some proposals at a time, each step by step. */
function* history(): Generator<{ readonly subject: string; readonly fact: Fact }> {
  for (let first = 0; ; first += UNDER_WAY) {
    const batch = Array.from({ length: UNDER_WAY }, (_, place) => lifeOf(first + place));
    const [one] = batch;
    for (const step of one?.facts.keys() ?? [])
      for (const { subject, facts } of batch) {
        const fact = facts[step];
        if (fact !== undefined) yield { subject, fact };
      }
  }
}

function lifeOf(number: number): { readonly subject: string; readonly facts: readonly Fact[] } {
  const at = BEGIN + number;
  const subject = mintId('wrp', { at, seq: number, tenant: TENANT });
  const job_id = jobIdOf(subject);
  const lease_id = mintId('lse', { at, seq: number, tenant: TENANT });
  const effect_digest = digest({ subject });
  const { change_set, reason } = lateFeeRequest({ invoice: `INV-${number}`, version: 7, from: 5_500, to: 0 });
  const submitted = {
    proposal_id: subject,
    proposal_version: 1,
    source_id: SOURCE,
    runner_id: null,
    contract: {
      contract_id: 'con_billing',
      contract_version_id: 'cov_billing_1',
      digest: digest('contract'),
    },
    change_set: {
      ...change_set,
      proposal_id: subject,
      principal: { id: 'service', source: 'cloud_session' },
      evidence: { bundle_id: 'none', query_fingerprint: 'none', items: [] },
      integrity: { proposal_hash: digest(change_set) },
    },
    effect_digest,
    reason,
    expires_at: at + 604_800_000,
    evidence_metadata: null,
    query_audit: null,
    requirements: [{ role: null, approvals: 1 }],
    cause: null,
  };
  const approved = { reason: null, name: 'Ada Lindqvist', effect_digest, approval_roles: [], job_id };
  const leased = {
    job_id,
    lease_id,
    runner_id: RUNNER,
    credential: 'crd_runner',
    attempt: 1,
    expires_at: at + 60_000,
  };
  const result = {
    status: 'applied',
    runner_id: RUNNER,
    lease_id,
    affected_rows: 1,
    result_version: '8',
    result_hash: digest({ job_id }),
    error_code: null,
    intent_id: null,
    completed_at: new Date(at).toISOString(),
    at,
  };
  const runner = { kind: 'runner', id: 'crd_runner' } as const;
  return {
    subject,
    facts: [
      { type: 'proposal.submitted', actor: { kind: 'service', id: 'crd_service' }, body: submitted },
      { type: 'proposal.approved', actor: { kind: 'person', id: 'ada' }, body: approved },
      { type: 'job.leased', actor: runner, body: leased },
      { type: 'writeback.result', actor: runner, body: { job_id, result } },
    ],
  };
}
