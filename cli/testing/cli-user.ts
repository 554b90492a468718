import { expect } from 'vitest';
import { runCli } from './run-cli.ts';

interface Seat {
  readonly url: string;
  readonly project: string;
  readonly token: string;
  /** Where profiles would lie. */
  readonly folder: string;
}

/** The command line in the hands of somebody, at a control plane. */
export function cliUser({ url, project, token, folder }: Seat) {
  const run = (args: readonly string[], input = '', hear: (text: string) => void = () => undefined) =>
    runCli(args, {
      environment: {
        COUNTERSIGN_URL: url,
        COUNTERSIGN_PROJECT: project,
        COUNTERSIGN_TOKEN: token,
        COUNTERSIGN_CONFIG_DIR: folder,
      },
      input,
      hear,
    });
  const ended = async (code: number, args: readonly string[]) => {
    const ran = await run(args);
    expect(ran, args.join(' ')).toMatchObject({ code });
    return ran;
  };
  return {
    run,
    /** All that a command prints, and says besides, which must end with this code. */
    ends: async (code: number, ...args: string[]): Promise<string> => {
      const { err, out } = await ended(code, args);
      return out + err;
    },
    /** What a command prints that must do its work. */
    does: async (...args: string[]): Promise<string> => (await ended(0, args)).out,
    json: async (...args: string[]): Promise<Record<string, unknown>> =>
      JSON.parse((await ended(0, [...args, '--json'])).out),
  };
}
