import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file or folder of the repository, named in a page: `a/b.ts`, `docs/`. Patterns and built files are none. */
const NAMED_PATH = /`([\w.-]+\/(?:[\w.-]+\/)*(?:[\w.-]+\.(?:ts|mjs|md|json|toml|sql|yml))?)`/g;
const LINK = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g;
/** A test, as the threat model names it: `file.test.ts`: "its title". */
const NAMED_TEST = /`([\w./-]+\.test\.ts)`: "([^"]+)"/g;

/** What a page points at and is not there: files, links, and tests by their titles. */
export function brokenReferences(root: string, page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const paths = matches(text, NAMED_PATH).filter(
    ([path = '']) => !isState(path) && !existsSync(join(root, path)),
  );
  const links = matches(text, LINK).filter(([path = '']) => !existsSync(join(root, dirname(page), path)));
  const tests = matches(text, NAMED_TEST).filter(
    ([file = '', title = '']) => !hasTest(join(root, file), title),
  );
  return [...paths, ...links, ...tests].map((found) => `${page}: there is no ${found.join(': ')}`);
}

function matches(text: string, form: RegExp): string[][] {
  return [...text.matchAll(form)].map(([, ...groups]) => groups);
}

/** What the local stack leaves behind is named in pages and not in the repository. */
function isState(path: string): boolean {
  return path.startsWith('.countersign/') || path.startsWith('node_modules/');
}

function hasTest(file: string, title: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').replaceAll("\\'", "'").includes(title);
}
