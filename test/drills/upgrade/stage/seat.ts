import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ended, endOf } from '../../../support/served-plane.ts';
import type { TestIssuer } from '../../../support/test-issuer.ts';

/** Nothing is copied by the clock: the drill says when. */
const BACKUPS = { every_hours: null, prove_every_hours: null, keep: { count: 10, days: 0 } };

export interface SeatSettings {
  readonly folder: string;
  readonly port: number;
  readonly issuer: TestIssuer;
  readonly macKey: string;
  readonly snapshotKeys: string;
}

/** The folder of a configuration and a store, in which the command line of any release is run. */
export class Seat {
  readonly folder: string;
  readonly origin: string;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** Configures a plane; the folders `store` and `snapshots` are the caller's. */
  static async configure({ folder, issuer, macKey, port, snapshotKeys }: SeatSettings): Promise<Seat> {
    await writeFile(join(folder, 'keys'), macKey, { mode: 0o600 });
    await writeFile(join(folder, 'snapshot-keys'), snapshotKeys, { mode: 0o600 });
    const config = {
      listen: { port },
      store: 'store',
      issuers: [issuer.settings],
      secrets: { token_mac_keys: { file: 'keys' }, snapshot_keys: { file: 'snapshot-keys' } },
      backups: { folder: 'snapshots', ...BACKUPS },
    };
    await writeFile(join(folder, 'countersign.json'), JSON.stringify(config));
    return new Seat(folder, port);
  }

  get store(): string {
    return join(this.folder, 'store');
  }

  get snapshots(): string {
    return join(this.folder, 'snapshots');
  }

  /** Runs a command to its end. Throws where it does not end well. */
  async run(program: string, ...args: string[]): Promise<Ended> {
    const ended = await this.end(program, ...args);
    if (ended.code === 0) return ended;
    throw new Error(`countersign ${args.join(' ')} ended with ${ended.code}: ${ended.out}${ended.err}`);
  }

  /** Runs a command; how it ended. */
  end(program: string, ...args: string[]): Promise<Ended> {
    const { PATH } = process.env;
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      env: { PATH, COUNTERSIGN_CONFIG_DIR: this.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return endOf(child);
  }
}
