import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import type { World } from '../world.ts';

const PIECE_BYTES = 65_536;
const LOOK_EVERY_MS = 500;
/** Far more than a line of ours can have. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * The lines of a file, and of what is added to it for as long as `isFollowed` says. A file that was moved away is read to
 * its end, and then the new one. Throws `CliFault` where there is none.
 */
export async function* followFile(
  path: string,
  isFollowed: boolean,
  { pause, signal }: Pick<World, 'pause' | 'signal'>,
): AsyncGenerator<string> {
  let reading = await Reading.begin(path);
  try {
    for (;;) {
      yield* reading.lines();
      if (!isFollowed || signal.aborted) break;
      const standing = await stat(path).catch(() => undefined);
      if (standing !== undefined && !(await reading.isOf(standing))) {
        // What was written between the last look and the move.
        yield* reading.lines();
        yield* reading.rest();
        await reading.end();
        reading = await Reading.begin(path);
      } else if (!(await isNextLook(pause, signal))) break;
    }
    yield* reading.rest();
  } finally {
    await reading.end();
  }
}

/** Whether to look again: not after whoever reads has left. */
async function isNextLook(pause: World['pause'], signal: AbortSignal): Promise<boolean> {
  try {
    await pause(LOOK_EVERY_MS);
  } catch (fault) {
    if (!signal.aborted) throw fault;
  }
  return !signal.aborted;
}

/** A file that is read from where it was read to. */
class Reading {
  readonly #file: FileHandle;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });
  #position = 0;
  #rest = '';

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async begin(path: string): Promise<Reading> {
    try {
      // A pipe without a writer would hold this up for ever.
      return new Reading(await open(path, constants.O_RDONLY | constants.O_NONBLOCK));
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
      const message = `the log ${path} cannot be read (${code})`;
      throw new CliFault(message, { code: exitCodes.failed, next: 'name the file, or pipe it in', cause });
    }
  }

  /** Whether this is still the file of that name, and it has not been emptied. */
  async isOf({ dev, ino, size }: { dev: number; ino: number; size: number }): Promise<boolean> {
    const own = await this.#file.stat();
    return own.dev === dev && own.ino === ino && size >= this.#position;
  }

  /** Whole lines that have come since. */
  async *lines(): AsyncGenerator<string> {
    const piece = new Uint8Array(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await this.#file.read(piece, 0, PIECE_BYTES, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const text = this.#rest + this.#decoder.decode(piece.subarray(0, bytesRead), { stream: true });
      const lines = text.split('\n');
      this.#rest = lines.pop() ?? '';
      if (this.#rest.length > LONGEST_LINE)
        throw new CliFault('a line has no end: this is no log', { code: exitCodes.failed });
      yield* lines;
    }
  }

  /** What stands behind the last line's end. */
  *rest(): Generator<string> {
    if (this.#rest !== '') yield this.#rest;
    this.#rest = '';
  }

  async end(): Promise<void> {
    await this.#file.close();
  }
}
