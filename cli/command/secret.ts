import { rm, stat } from 'node:fs/promises';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { createFile } from '../files.ts';
import type { Context } from './context.ts';
import type { Options } from './options.ts';

export const saveOption = {
  save: { type: 'string', value: 'FILE', help: 'write the secret there, readable by you only' },
} as const satisfies Options;

interface Issued<Answer> {
  readonly answer: Answer;
  readonly secret: string;
  /** The answer without the secret. */
  readonly shown: object;
  /** What the secret is, for people. */
  readonly about: string;
}

/**
 * Hands over a secret that is told once: alone on stdout, or in a new file that nobody else can read. The file is made
 * first, because a secret that cannot be kept is lost.
 */
export async function handOver<Answer>(
  context: Context,
  save: string | undefined,
  issue: () => Promise<Issued<Answer>>,
): Promise<ExitCode> {
  const file = save === undefined ? undefined : await createFile(save, { isSecret: true });
  try {
    const { about, answer, secret, shown } = await issue();
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
