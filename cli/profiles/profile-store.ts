import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import { withLock } from './file-lock.ts';
import { noProfiles, type Profiles, profilesSchema } from './profile.ts';

const OTHERS = 0o077;

/** The profiles of this user, in one file that nobody else can read. */
export class ProfileStore {
  readonly #folder: string;

  constructor(environment: NodeJS.ProcessEnv) {
    const { COUNTERSIGN_CONFIG_DIR, XDG_CONFIG_HOME } = environment;
    this.#folder =
      COUNTERSIGN_CONFIG_DIR || join(XDG_CONFIG_HOME || join(homedir(), '.config'), 'countersign');
  }

  get path(): string {
    return join(this.#folder, 'profiles.json');
  }

  /** Throws `CliFault` for a file that others can read, or that holds something else. */
  async read(): Promise<Profiles> {
    const text = await this.#text();
    if (text === undefined) return noProfiles;
    const parsed = profilesSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new CliFault(`${this.path} does not hold profiles`, {
      code: exitCodes.failed,
      next: 'mend it, or remove it and log in again',
    });
  }

  /** Changes the file while no other process of ours does; the change sees what is there then. */
  async update(change: (profiles: Profiles) => Promise<Profiles> | Profiles): Promise<Profiles> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return withLock(`${this.path}.lock`, async () => {
      const before = await this.read();
      const after = await change(before);
      if (after !== before) await this.#write(after);
      return after;
    });
  }

  async #text(): Promise<string | undefined> {
    try {
      // Windows has no such modes: there the folder of the user is what protects it.
      if (process.platform !== 'win32' && ((await stat(this.path)).mode & OTHERS) !== 0) {
        throw new CliFault(`others can read ${this.path}`, {
          code: exitCodes.failed,
          next: `chmod 600 ${this.path}`,
        });
      }
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Written beside and moved, so that nobody ever finds half of it. */
  async #write(profiles: Profiles): Promise<void> {
    const draft = `${this.path}.${process.pid}`;
    try {
      await writeFile(draft, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 });
      await chmod(draft, 0o600);
      await rename(draft, this.path);
    } finally {
      await rm(draft, { force: true });
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
