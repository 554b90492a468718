import { join } from 'node:path';
import * as z from 'zod';
import { readPrivateFile, writePrivateFile } from '../local/private-file.ts';

const memorySchema = z.record(z.string(), z.string());

/**
 * Which proposals the story has made, so that a later start goes on where this one stopped, and finds what was
 * applied instead of applying it again.
 */
export class StoryMemory {
  readonly #path: string;
  readonly #proposals: Record<string, string>;

  private constructor(path: string, proposals: Record<string, string>) {
    this.#path = path;
    this.#proposals = proposals;
  }

  static async open(stateFolder: string): Promise<StoryMemory> {
    const path = join(stateFolder, 'story.json');
    const text = await readPrivateFile(path);
    return new StoryMemory(path, text === null ? {} : memorySchema.parse(JSON.parse(text)));
  }

  get isEmpty(): boolean {
    return Object.keys(this.#proposals).length === 0;
  }

  /** The proposal of this name, made now when there is none yet. */
  async proposal(
    name: string,
    make: () => Promise<string>,
  ): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const known = this.#proposals[name];
    if (known !== undefined) return { id: known, isNew: false };
    const id = await make();
    this.#proposals[name] = id;
    await writePrivateFile(this.#path, `${JSON.stringify(this.#proposals, null, 2)}\n`);
    return { id, isNew: true };
  }
}
