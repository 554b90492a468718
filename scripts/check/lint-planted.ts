import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';

/** What decides the lint: the configuration, the plugins that it names, and the list of ignored files. */
const CONFIGURATION = ['biome.json', '.gitignore', 'scripts/check/lint'];
const root = join(import.meta.dirname, '../..');

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), message: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

/** What the linter said about one file: `rule: message`, one entry for each finding. */
export type Findings = ReadonlyMap<string, readonly string[]>;

/**
 * Lints the given files (path from the root of the repository -> source) under the repository's own
 * configuration, in a folder of their own. Throws when the linter itself fails.
 */
export function lintPlanted(files: ReadonlyMap<string, string>): Findings {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-lint-'));
  try {
    for (const path of CONFIGURATION) cpSync(join(root, path), join(folder, path), { recursive: true });
    for (const [path, source] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), source);
    }
    return byFile(runBiome(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runBiome(folder: string): z.infer<typeof reportSchema> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const run = spawnSync(process.execPath, [biome, 'lint', '--max-diagnostics=none', '--reporter=json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (!run.stdout.startsWith('{')) throw new Error(`the linter did not report: ${run.stderr}`);
  return reportSchema.parse(JSON.parse(run.stdout));
}

function byFile(report: z.infer<typeof reportSchema>): Findings {
  const findings = new Map<string, string[]>();
  for (const { category, message, location } of report.diagnostics) {
    findings.set(location.path, [...(findings.get(location.path) ?? []), `${category}: ${message}`]);
  }
  return findings;
}
