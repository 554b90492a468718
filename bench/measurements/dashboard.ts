import pg from 'pg';
import type { Page } from 'playwright-core';
import { approved, ended } from '../../scripts/story/proposing.ts';
import { prepareChromium, whyNoBrowser } from '../../test/browser/support/chromium.ts';
import { BrowserStage } from '../../test/browser/support/stage.ts';
import { type Bench, type Measured, NotMeasurable, type TableLine } from '../support/bench.ts';
import { now, painted } from '../support/painted.ts';
import { addPending, invoiceOf, proposalIdOf } from '../support/pending-waivers.ts';
import { percentile, rounded } from '../support/statistics.ts';
import { valueLine } from '../support/table.ts';

const SAMPLES = { quick: 3, full: 25 } as const;
const PENDING = { quick: 500, full: 10_000 } as const;
const FEW = 10;
/** So many are decided while an inbox is looked at. */
const CHANGES = 8;
/** An invoice of the local stack. */
const INVOICE = 'INV-3016';
const WHY = 'the payment crossed our reminder';

/** The list of what waits, and the part of it that scrolls; as the page finds them. */
const LIST = `document.querySelector('section[aria-label="What waits for a decision"]')`;
const SCROLLED = `[...${LIST}.querySelectorAll('div')].find((one) => one.scrollHeight > one.clientHeight + 1) ?? ${LIST}`;

/** Milliseconds since the customer's database wrote the row. */
interface Pixel {
  /** Until the page showed it as applied. */
  readonly shown: number;
  /** Until a read that was held for it was answered. */
  readonly told: number;
}

/** An inbox with so many decisions in it; times in milliseconds. */
interface Inbox {
  /** From the click to the first decision on the screen. */
  readonly openedMs: number;
  /** Until all of them had been read by scrolling down. */
  readonly readMs: number;
  /** Elements of the document once all were read. */
  readonly elements: number;
  /** From the answer to somebody else's decision until it stood there no more. */
  readonly changeMs: readonly number[];
  /** What the page asked for one change. */
  readonly requestsAChange: number;
}

/**
 * What people see, and when: from the moment at which the customer's database wrote a row to the moment at which an open
 * page shows it, against a read by a program that was held for it; and an inbox of ten thousand against one of ten.
 */
export async function dashboard(bench: Bench): Promise<Measured> {
  const length = bench.isQuick ? 'quick' : 'full';
  await prepareChromium();
  const why = whyNoBrowser();
  if (why !== undefined) throw new NotMeasurable(why);
  const stage = await BrowserStage.start();
  try {
    const pixels = await pixelsOf(stage, SAMPLES[length]);
    await addPending(stage.cast, 0, FEW);
    const few = await inboxOf(stage, 0);
    const count = PENDING[length];
    await addPending(stage.cast, FEW, count + CHANGES);
    const many = await inboxOf(stage, CHANGES);
    return measured(count, pixels, few, many);
  } finally {
    await stage.stop();
  }
}

async function pixelsOf(stage: BrowserStage, count: number): Promise<readonly Pixel[]> {
  const { page } = await stage.signedIn('ada', '/t/acme/proposals');
  const database = new pg.Client({ connectionString: stage.stack.databaseUrl });
  await database.connect();
  try {
    await page.getByText('Live', { exact: true }).waitFor();
    const taken: Pixel[] = [];
    while (taken.length <= count) taken.push(await pixelOf(stage, page, database));
    // The first makes the paths warm.
    return taken.slice(1);
  } finally {
    await database.end();
    await page.context().close();
  }
}

async function pixelOf(stage: BrowserStage, page: Page, database: pg.Client): Promise<Pixel> {
  const { cast } = stage;
  const id = await stage.pending(INVOICE, WHY, `${WHY} (${crypto.randomUUID()})`);
  const row = `document.querySelector('a[href$="${id}"]')?.closest('tr')`;
  await painted(page, row);

  const shown = painted(page, `${row}?.textContent.includes('applied')`);
  const told = ended(cast, id).then(now);
  await approved(cast, id);
  const [shownAt, toldAt] = await Promise.all([shown, told]);
  const { rows } = await database.query<{ at: string }>(
    'SELECT extract(epoch FROM recorded_at) * 1000 AS at FROM public.countersign_receipts WHERE proposal_id = $1',
    [id],
  );
  const writtenAt = Number(rows[0]?.at);
  return { shown: shownAt - writtenAt, told: toldAt - writtenAt };
}

/** Looks at an inbox whose first decision has this number, from a page on which somebody has signed in before. */
async function inboxOf(stage: BrowserStage, first: number): Promise<Inbox> {
  const { page } = await stage.signedIn('ada', '/t/acme/proposals');
  try {
    await page.getByText('Live', { exact: true }).waitFor();
    const clickedAt = now();
    await page
      .getByRole('link', { name: /^Inbox/ })
      .first()
      .click();
    const openedAt = await painted(page, `${LIST}?.textContent.includes('${invoiceOf(first)}')`);
    await readAll(page);
    const readAt = now();
    const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
    await page.evaluate(`(${SCROLLED}).scrollTop = 0`);
    await painted(page, `${LIST}?.textContent.includes('${invoiceOf(first)}')`);
    let requests = 0;
    page.on('request', () => {
      requests += 1;
    });
    const changeMs: number[] = [];
    while (changeMs.length < CHANGES) changeMs.push(await changeOf(stage, page, first + changeMs.length));
    return {
      openedMs: openedAt - clickedAt,
      readMs: readAt - openedAt,
      elements,
      changeMs,
      requestsAChange: requests / CHANGES,
    };
  } finally {
    await page.context().close();
  }
}

/** Scrolls down until there is no more to read. */
async function readAll(page: Page): Promise<void> {
  const isAll = () =>
    page.evaluate<boolean>(`!${LIST}.querySelector('[role=status]').textContent.includes('more')`);
  while (!(await isAll())) await page.evaluate(`(${SCROLLED}).scrollTop = 1e9`);
}

async function changeOf({ cast }: BrowserStage, page: Page, place: number): Promise<number> {
  const gone = painted(page, `!${LIST}.textContent.includes('${invoiceOf(place)}')`);
  await cast.secondApprover.reject(proposalIdOf(place), { reason: 'paid already' });
  const decidedAt = now();
  return (await gone) - decidedAt;
}

function measured(count: number, pixels: readonly Pixel[], few: Inbox, many: Inbox): Measured {
  const of = (values: readonly number[]) => ({
    p50: rounded(percentile(values, 0.5)),
    p99: rounded(percentile(values, 0.99)),
  });
  const [shown_ms, told_ms] = [of(pixels.map(({ shown }) => shown)), of(pixels.map(({ told }) => told))];
  const ratio = rounded(shown_ms.p50 / told_ms.p50);
  const inboxes = { few: figuresOf(few), many: figuresOf(many) };
  return {
    results: {
      apply_to_pixel: { shown_ms, told_ms, ratio },
      inbox: {
        pending: count,
        ...inboxes,
        change_ratio: rounded(inboxes.many.change_ms / inboxes.few.change_ms),
      },
    },
    lines: [
      valueLine('row written until it is on the screen, p50 ms', shown_ms.p50),
      valueLine('... p99 ms', shown_ms.p99, '< 1,000'),
      valueLine('... until a held read is answered, p50 ms', told_ms.p50),
      valueLine('... screen / held read, p50', ratio),
      ...inboxLines(FEW, inboxes.few),
      ...inboxLines(count, inboxes.many),
    ],
  };
}

function figuresOf({ changeMs, elements, openedMs, readMs, requestsAChange }: Inbox) {
  return {
    opened_ms: rounded(openedMs),
    read_all_ms: rounded(readMs),
    elements,
    change_ms: rounded(percentile(changeMs, 0.5)),
    requests_a_change: rounded(requestsAChange),
  };
}

function inboxLines(count: number, inbox: ReturnType<typeof figuresOf>): readonly TableLine[] {
  const name = `inbox of ${count.toLocaleString('en-US')}`;
  return [
    valueLine(`${name}: opened, ms`, inbox.opened_ms),
    valueLine('... scrolled to its end, ms', inbox.read_all_ms),
    valueLine('... elements in the document', inbox.elements),
    valueLine("... somebody else's decision on the screen, p50 ms", inbox.change_ms),
    valueLine('... requests for it', inbox.requests_a_change),
  ];
}
