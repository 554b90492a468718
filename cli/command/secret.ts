import { rm, stat } from 'node:fs/promises';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import { createFile } from '../files.ts';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

export const saveOption = {
  save: { type: 'string', value: 'FILE', help: 'write the secret there, readable by you only' },
} as const satisfies Options;

/** What a request has made. */
export interface Issued {
  readonly answer: object;
  /** Undefined where this very request was sent before: its first answer had it. */
  readonly secret: string | undefined;
  /** The answer without the secret. */
  readonly shown: object;
  /** What the secret is, for people. */
  readonly about: string;
  /** How to come by a secret, where this one was shown before. */
  readonly next: string;
}

/**
 * Hands over a secret that is told once: alone on stdout, or in a new file that nobody else can read. The file is made
 * first, because a secret that cannot be kept is lost. Throws `CliFault` where it was shown before.
 */
export async function handOver(
  context: Context,
  save: string | undefined,
  issue: () => Promise<Issued>,
): Promise<ExitCode> {
  const file = save === undefined ? undefined : await createFile(save, { isSecret: true });
  try {
    const { about, answer, next, secret, shown } = await issue();
    if (secret === undefined) throw shownBefore(about, next);
    await file?.writeFile(`${secret}\n`);
    if (file !== undefined) context.answer(shown, `${about}; its secret is in ${save}\n`);
    else {
      context.answer(answer, `${secret}\n`);
      context.say(`${about}; its secret stands here once and nowhere else\n`);
    }
    return exitCodes.ok;
  } finally {
    await file?.close();
    if (save !== undefined) await dropEmpty(save);
  }
}

/** Where nothing was issued, no file shall look as if. */
async function dropEmpty(path: string): Promise<void> {
  if ((await stat(path)).size === 0) await rm(path);
}

function shownBefore(about: string, next: string): CliFault {
  const message = `${about} was made by this request before; its secret was shown once, then, and cannot be had`;
  return new CliFault(message, { code: exitCodes.conflict, next });
}
