import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Sets another program than the machine's own. */
const VARIABLE = 'COUNTERSIGN_CHROMIUM';
const INSTALL_MS = 600_000;

/** Nothing here asks anybody outside of this machine, and root has no sandbox to be in. */
const ALONE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the browser is; undefined where this machine has none. */
export function chromiumPath(): string | undefined {
  return [process.env[VARIABLE], ...PLACES].find((path) => path !== undefined && existsSync(path));
}

/** Why no page can be tested here; undefined where they can. */
export function whyNoBrowser(): string | undefined {
  if (chromiumPath() !== undefined) return undefined;
  return `this machine has no Chromium; install Debian's package chromium, or set ${VARIABLE}`;
}

/** Installs the browser where there is none and this account may, before any test's time runs. */
export async function prepareChromium(): Promise<void> {
  if (chromiumPath() !== undefined) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium from the packages of this system ...');
    try {
      await aptGet('update');
      await aptGet('install', '-y', '--no-install-recommends', 'chromium');
    } catch (error) {
      console.warn(`Chromium could not be installed: ${error instanceof Error ? error.message : error}`);
    }
  }
  const why = whyNoBrowser();
  if (why !== undefined) console.warn(`NO PAGE IS TESTED IN A BROWSER: ${why}`);
}

/** A browser of its own. */
export function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new TypeError(whyNoBrowser());
  return chromium.launch({ executablePath, args: ALONE });
}

async function aptGet(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('apt-get', args, {
    timeout: INSTALL_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}
