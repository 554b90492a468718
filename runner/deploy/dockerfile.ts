import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const argvSchema = z.array(z.string()).min(1);

/** What the Dockerfile says about how its image runs. Throws unless every command is in exec form. */
export interface ImageFacts {
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

/** The instructions of a folder's Dockerfile, one line each; of the one beside this file where none is named. */
export function dockerfileLines(folder = import.meta.dirname): string[] {
  return readFileSync(join(folder, 'Dockerfile'), 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
}

/** Reads the last stage, which is the image. */
export function imageFacts(folder = import.meta.dirname): ImageFacts {
  const lines = dockerfileLines(folder);
  const image = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const last = (form: RegExp) => {
    const found = image.map((line) => form.exec(line)?.[1]).findLast((text) => text !== undefined);
    if (found === undefined) throw new Error(`the Dockerfile's image has no ${form.source}`);
    return found;
  };
  const argv = (form: RegExp) => argvSchema.parse(JSON.parse(last(form)));
  return {
    user: last(/^USER (.+)$/),
    entrypoint: argv(/^ENTRYPOINT (.+)$/),
    command: argv(/^CMD (.+)$/),
    healthcheck: argv(/^HEALTHCHECK .*?CMD (.+)$/),
  };
}
