import { ApiError } from '@countersign/client/api-error';
import type * as z from 'zod';
import { jsonIn, readText } from '../files.ts';
import type { Plane } from '../plane.ts';
import { cliVersion } from '../version.ts';
import {
  doctorOutline,
  entryOutline,
  freezeOutline,
  healthOutline,
  limitOutline,
  runnerOutline,
  statusOutline,
} from './outlines.ts';
import { list } from './withheld.ts';

/** A part of a bundle: what was read, or the code of why it could not be. */
export type Part =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly error_code: string };

/** All that a bundle holds, as it is written into its file. */
export interface Bundle {
  readonly format: typeof BUNDLE_FORMAT;
  readonly made_at: string;
  readonly versions: { readonly countersign: string; readonly node: string; readonly platform: string };
  readonly parts: Readonly<Record<string, Part>>;
}

export const BUNDLE_FORMAT = 'countersign.support-bundle.v1';
const NEWEST_ENTRIES = 500;
const MOST_AT_ONCE = 500;

export interface Gathering {
  /** A file with what the runner's doctor printed with --json. */
  readonly doctor: string | undefined;
  /** What a plane of this machine is set to; it names no secret. */
  readonly settings: unknown;
  /** Unix milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Reads whatever may be read; a part that may not, or that is away, says so and leaves the others. */
export async function gatherBundle(
  { fleet, record, session }: Plane,
  { doctor, now, settings, signal }: Gathering,
): Promise<Bundle> {
  const health = await part(healthOutline, () => fleet.health({ signal }));
  const parts = {
    status: await part(statusOutline, () => session.status({ signal })),
    health,
    runners: await part(list(runnerOutline), async () => {
      return (await fleet.runners({ limit: MOST_AT_ONCE }, { signal })).runners;
    }),
    freezes: await part(list(freezeOutline), async () => (await fleet.freezes({ signal })).freezes),
    limits: await part(list(limitOutline), async () => (await fleet.limits({ signal })).limits),
    ledger: await part(list(entryOutline), async () => {
      const newest = (await fleet.health({ signal })).ledger?.seq ?? 0;
      const after = Math.max(0, newest - NEWEST_ENTRIES);
      return (await record.entries(after, NEWEST_ENTRIES, { signal })).entries;
    }),
    ...(doctor === undefined
      ? {}
      : { doctor: await part(doctorOutline, async () => jsonIn(await readText(doctor), doctor)) }),
    ...(settings === undefined ? {} : { settings: { ok: true, data: settings } as const }),
  };
  return {
    format: BUNDLE_FORMAT,
    made_at: new Date(now).toISOString(),
    versions: {
      countersign: cliVersion,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    parts,
  };
}

async function part(outline: z.ZodType, read: () => Promise<unknown>): Promise<Part> {
  try {
    const kept = outline.safeParse(await read());
    return kept.success ? { ok: true, data: kept.data } : { ok: false, error_code: 'answer_malformed' };
  } catch (error) {
    if (error instanceof ApiError) return { ok: false, error_code: error.code };
    throw error;
  }
}
