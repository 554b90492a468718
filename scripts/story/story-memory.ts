import { join } from 'node:path';
import * as z from 'zod';
import { readPrivateFile, writePrivateFile } from '../local/private-file.ts';

const memorySchema = z.record(z.string(), z.string());

/**
 * What the story has made, so that a later start goes on where this one stopped, and finds what was
 * applied instead of applying it again.
 */
export class StoryMemory {
  readonly #path: string;
  readonly #made: Record<string, string>;

  private constructor(path: string, made: Record<string, string>) {
    this.#path = path;
    this.#made = made;
  }

  static async open(stateFolder: string): Promise<StoryMemory> {
    const path = join(stateFolder, 'story.json');
    const text = await readPrivateFile(path);
    return new StoryMemory(path, text === null ? {} : memorySchema.parse(JSON.parse(text)));
  }

  get isEmpty(): boolean {
    return Object.keys(this.#made).length === 0;
  }

  /** The id of what has this name, made now when there is none yet. */
  async made(
    name: string,
    make: () => Promise<string>,
  ): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const known = this.#made[name];
    if (known !== undefined) return { id: known, isNew: false };
    const id = await make();
    this.#made[name] = id;
    await writePrivateFile(this.#path, `${JSON.stringify(this.#made, null, 2)}\n`);
    return { id, isNew: true };
  }
}
