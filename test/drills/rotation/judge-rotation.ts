import type { EdgeFacts, RotationFacts } from './facts.ts';

/** Something that must not be. */
export interface Violation {
  readonly check: RotationCheck;
  readonly detail: string;
}

export type RotationCheck =
  /** The drill did not come to what it is to show. */
  | 'staging'
  | 'shut-out'
  | 'exactly-once'
  | 'early'
  | 'snapshots'
  | 'old-tokens'
  | 'stolen-key'
  | 'secrecy'
  | 'edge';

export interface RotationReport {
  readonly holds: boolean;
  readonly figures: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

/** What the gateway says to a token of a key that it does not have. */
const OF_NO_KEY = 'token_key_unknown';
const CONFLICT = 4;

/** What a rotation has shown: nobody was shut out by it, and nobody gets in with what was retired. */
export function judgeRotation(facts: RotationFacts): RotationReport {
  const violations = [
    ...staging(facts),
    ...shutOut(facts),
    ...once(facts),
    ...early(facts),
    ...snapshots(facts),
    ...of('old-tokens', facts.oldTokens.filter(isTaken)),
    ...of('stolen-key', facts.stolenKey.filter(isTaken)),
    ...(facts.isAnyKeyPrinted ? of('secrecy', ['a key was printed']) : []),
    ...edge(facts.edge),
  ];
  return { holds: violations.length === 0, violations, figures: figuresOf(facts) };
}

function staging({
  edge: { projects },
  oldTokens,
  rows,
  snapshots: taken,
  stolenKey,
  traffic,
}: RotationFacts) {
  const empty = Object.entries(traffic.changes).filter(([, count]) => count === 0);
  return of('staging', [
    ...empty.map(([part]) => `no change was made ${part}`),
    ...(rows.length === 0 ? ['no change was approved'] : []),
    ...(new Set(taken.map(({ keyId }) => keyId)).size < 2 ? ['all snapshots are of one key'] : []),
    ...(oldTokens.length === 0 || stolenKey.length === 0 ? ['nobody tried the retired key'] : []),
    ...(projects === 0 ? ['no runner was hosted'] : []),
  ]);
}

function shutOut({ logged, traffic: { refused } }: RotationFacts) {
  return of('shut-out', [
    ...refused.map((code) => `a request got ${code}`),
    ...logged.map((code) => `the log has ${code}`),
  ]);
}

function once({ rows }: RotationFacts) {
  const others = rows.filter(({ moved, receipts }) => moved !== 1 || receipts !== 1);
  return of(
    'exactly-once',
    others.map(({ id, moved, receipts }) => `${id} moved by ${moved} versions, with ${receipts} receipts`),
  );
}

function early({ earlyRetirement, heldBefore }: RotationFacts) {
  return of('early', [
    ...(earlyRetirement === CONFLICT ? [] : [`retiring a key in use ended with ${earlyRetirement}`]),
    ...(heldBefore > 0 ? [] : ['no credential was named']),
  ]);
}

function snapshots({ snapshots: taken }: RotationFacts) {
  return of(
    'snapshots',
    taken
      .filter(({ isGoodElsewhere, isGoodHere }) => !isGoodElsewhere || !isGoodHere)
      .map(({ keyId, snapshotId }) => `${snapshotId}, signed by ${keyId}, does not verify`),
  );
}

function edge({ isNewTokenUsed, isOldTokenRevoked, refused, refusedByProvider }: EdgeFacts) {
  return of('edge', [
    ...refused.map((code) => `a hosted runner got ${code}`),
    ...(refusedByProvider === 0 ? [] : [`the provider refused ${refusedByProvider} requests`]),
    ...(isOldTokenRevoked ? [] : ['the old hosting token still opens']),
    ...(isNewTokenUsed ? [] : ['the new hosting token was never used']),
  ]);
}

function isTaken(got: string): boolean {
  return got !== OF_NO_KEY;
}

function of(check: RotationCheck, details: readonly string[]): readonly Violation[] {
  return details.map((detail) => ({ check, detail }));
}

function figuresOf({
  edge: hosted,
  oldTokens,
  rows,
  snapshots: taken,
  stolenKey,
  traffic,
  ...facts
}: RotationFacts) {
  const { changes, refused, requests, unanswered } = traffic;
  return {
    requests,
    refused_for_their_token: refused.length + facts.logged.length,
    unanswered_while_started_again: unanswered,
    changes_before: changes.before,
    changes_in_the_overlap: changes.overlap,
    changes_after: changes.after,
    rows_written_once: rows.filter(({ moved, receipts }) => moved === 1 && receipts === 1).length,
    rows: rows.length,
    credentials_that_held_the_old_key: facts.heldBefore,
    snapshots: taken.length,
    snapshots_that_verify: taken.filter((one) => one.isGoodElsewhere && one.isGoodHere).length,
    tokens_of_the_retired_key_refused: oldTokens.filter((got) => !isTaken(got)).length,
    tokens_made_with_the_stolen_key_refused: stolenKey.filter((got) => !isTaken(got)).length,
    projects_with_a_hosted_runner: hosted.projects,
    hosted_runners_refused: hosted.refused.length,
    refused_by_the_hosting_provider: hosted.refusedByProvider,
  };
}
