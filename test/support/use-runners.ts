import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { builtRunner, builtRunnerWithFailpoints } from './runner-builds.ts';
import { RunnerProcess } from './runner-process.ts';

interface StartOptions {
  /** What the configuration names, as the environment has it. */
  readonly secrets: Readonly<Record<string, string>>;
  /** `<name>:<action>`; with one it is the build that has failpoints. */
  readonly failpoint?: string | undefined;
  readonly flags?: readonly string[];
}

/** Runners for the tests of a file, as processes. */
export function useRunners() {
  let folder: string;
  let bundle: string;
  let failpointsBundle: string;
  let started = 0;
  const running: RunnerProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-runner-'));
    [bundle, failpointsBundle] = await Promise.all([builtRunner(), builtRunnerWithFailpoints()]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  return {
    start: (config: object, { failpoint, flags = [], secrets }: StartOptions): RunnerProcess => {
      started += 1;
      const path = join(folder, `config-${started}.json`);
      writeFileSync(path, JSON.stringify(config));
      const runner = new RunnerProcess(
        failpoint === undefined ? bundle : failpointsBundle,
        ['start', '--config', path, ...flags],
        { ...secrets, COUNTERSIGN_FAILPOINT: failpoint ?? '' },
      );
      running.push(runner);
      return runner;
    },
    /** For the end of each test, before that which they talk to is taken away. */
    kill: async (): Promise<void> => {
      for (const { process } of running) process.kill('SIGKILL');
      await Promise.all(running.splice(0).map((runner) => runner.exit()));
    },
  };
}
