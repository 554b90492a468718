import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Measured } from '../support/bench.ts';
import { type Reading, readExport } from '../support/export-reader.ts';
import { interleaved, ratios } from '../support/rounds.ts';
import { type SampleLedger, writeSampleLedger } from '../support/sample-ledger.ts';
import { rounded, spreadOf } from '../support/statistics.ts';
import { spreadLine, valueLine } from '../support/table.ts';

const ENTRIES = { quick: 50_000, full: 1_000_000 } as const;

/**
 * How fast an exported ledger is verified, and in how much memory, against one SHA-256 over the same bytes. It needs
 * two at the least: of each entry, and of all lines together.
 */
export async function ledgerVerification(bench: Bench): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-ledger-'));
  try {
    const path = join(folder, 'ledger.ndjson');
    const ledger = await writeSampleLedger(path, ENTRIES[bench.isQuick ? 'quick' : 'full']);
    const parts = { hash: () => readExport('hash', path), verify: () => readExport('verify', path) };
    return measured(ledger, await interleaved(bench.rounds, parts));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function measured(
  { entries, bytes, bodyBytes }: SampleLedger,
  { hash, verify }: Record<'hash' | 'verify', readonly Reading[]>,
): Measured {
  const perSecond = (readings: readonly Reading[], amount: number) =>
    readings.map(({ ms }) => (amount * 1_000) / ms);
  const megabytes = bytes / 1e6;
  const verified = perSecond(verify, megabytes);
  const hashed = perSecond(hash, megabytes);
  const entriesASecond = spreadOf(perSecond(verify, entries));
  const ratio = spreadOf(ratios(verified, hashed));
  const peak = spreadOf(verify.map(({ peakMb }) => peakMb));
  const hashPeak = spreadOf(hash.map(({ peakMb }) => peakMb));
  return {
    results: {
      ledger_verification: {
        ratio: ratio.median,
        ratio_spread: ratio,
        entries,
        mb: rounded(megabytes),
        bytes_a_body: rounded(bodyBytes),
        entries_per_second: entriesASecond,
        mb_per_second: spreadOf(verified),
        sha256_mb_per_second: spreadOf(hashed),
        peak_mb: peak,
        sha256_peak_mb: hashPeak,
      },
    },
    lines: [
      valueLine('entries of the ledger', entries),
      valueLine('  MB', megabytes),
      spreadLine('entries verified/s', entriesASecond),
      spreadLine('MB verified/s', spreadOf(verified)),
      spreadLine('MB/s through SHA-256 alone', spreadOf(hashed)),
      spreadLine('verification / SHA-256 alone', ratio),
      spreadLine('MB resident at most, verifying', peak),
      spreadLine('  hashing', hashPeak),
    ],
  };
}
