import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleGateway } from '@countersign/serve/bundle-gateway';
import { startIssuer } from '../../scripts/local/issuer/issuer.ts';
import { APPROVER } from './names.ts';

/** What all measurements share: the bundles, an issuer of real tokens, and how long to measure. */
export interface Bench {
  /** Fewer and shorter rounds: to see that everything runs, not to learn numbers. */
  readonly isQuick: boolean;
  readonly rounds: number;
  readonly issuer: { readonly url: string; readonly approverToken: string };
  /** The product's Worker. */
  readonly gatewayCode: string;
  /** The Worker that measures what the platform can do at best. */
  readonly limitsCode: string;
  log(line: string): void;
}

/** One line of the printed table. */
export interface TableLine {
  readonly what: string;
  readonly value: string;
  readonly range?: string;
  readonly goal?: string;
}

/** What a measurement found: its keys of the results file, all JSON, and the lines that a person reads. */
export interface Measured {
  readonly results: Readonly<Record<string, unknown>>;
  readonly lines: readonly TableLine[];
}

/** A measurement cannot be taken on this machine. The message says why, for the results file. */
export class NotMeasurable extends Error {
  override name = 'NotMeasurable';
  readonly code = 'not_measurable';
}

const ROUNDS = { quick: 1, full: 5 } as const;

export async function openBench(isQuick: boolean): Promise<Bench & { close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  const issuer = await startIssuer({ stateFolder: folder, port: 0, dashboardUrl: 'http://127.0.0.1/' });
  const gatewayCode = await bundleGateway();
  const limitsCode = await bundleGateway('bench/limits/worker.ts');
  return {
    isQuick,
    rounds: isQuick ? ROUNDS.quick : ROUNDS.full,
    issuer: { url: issuer.url, approverToken: (await issuer.mintToken(APPROVER)).token },
    gatewayCode,
    limitsCode,
    log: (line) => console.log(line),
    close: async () => {
      await issuer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
