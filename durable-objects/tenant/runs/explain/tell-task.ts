import type { StepRow } from '../../runs-schema.ts';
import {
  type Clause,
  clause,
  listed,
  numberIn,
  partOf,
  quoted,
  saying,
  sentence,
  type Told,
  textIn,
  who,
} from './sentence.ts';

/** What an entry about a step of a run says of it. */
export function tellStep(
  entry: Told,
  step: StepRow,
  numbers: ReadonlyMap<string, number>,
): Clause | undefined {
  const text = textOf(entry, step, numbers);
  return text === undefined ? undefined : clause(entry, sentence(text));
}

function textOf(entry: Told, step: StepRow, numbers: ReadonlyMap<string, number>): string | undefined {
  switch (entry.type) {
    case 'step.added':
      return added(entry, step, numbers);
    case 'step.ready':
      return `what it waited for is there; ${planned(partOf(entry, 'plan'))}`;
    case 'step.ended':
      return ended(entry);
    case 'task.claimed':
      return `${who(entry)} took it (attempt ${numberIn(entry, 'attempt') ?? 1})`;
    case 'task.progressed':
      return progressed(entry);
    case 'task.returned':
      return `the worker gave it back (${textIn(entry, 'reason') ?? 'no reason'}), which costs no attempt`;
    case 'task.lease_expired':
      return textIn(entry, 'becomes') === 'dead_letter'
        ? 'the worker was not heard of again, and it ran out of attempts'
        : 'the worker was not heard of again; it goes to another';
    case 'task.completed':
      return completed(entry);
    case 'task.failed':
      return failed(entry);
    default:
      return undefined;
  }
}

function added(
  entry: Told,
  { kind, parents }: StepRow,
  numbers: ReadonlyMap<string, number>,
): string | undefined {
  switch (kind) {
    case 'task': {
      const before = parents.flatMap((id) => numbers.get(id) ?? []);
      const isReady = textIn(entry, 'state') === 'queued';
      const follows = before.length === 0 ? '' : ` after ${listed(before.map((number) => `step ${number}`))}`;
      const by = entry.actor.kind === 'runner' ? 'the step before it' : who(entry);
      return isReady
        ? `${by} asked for it${follows}; ${planned(partOf(entry, 'plan'))}`
        : `${by} asked for it, to be done${follows}`;
    }
    case 'note':
      return `${who(entry)} noted${saying(entry, 'text')}`;
    case 'read':
      return `${who(entry)} read${saying(entry, 'text')}`;
    case 'artifact':
      return made(partOf(entry, 'artifact'));
    // The proposal or the action tells its own beginning.
    default:
      return undefined;
  }
}

function made(artifact: Told): string {
  const [name, version] = [textIn(artifact, 'name') ?? 'something', numberIn(artifact, 'version') ?? 1];
  const size = numberIn(artifact, 'size') ?? 0;
  return `${who(artifact)} made ${name}, version ${version}: ${size} bytes, ${textIn(artifact, 'digest') ?? ''}`;
}

/** By which route, and with what. */
function planned(plan: Told): string {
  const route = partOf(plan, 'route');
  const name = textIn(route, 'name');
  const handler = textIn(plan, 'handler') ?? '';
  const to = `it went to the handler ${handler}`;
  if (name === undefined) return `${to}, because no route is about it`;
  const withWhat = [
    textIn(plan, 'model') === undefined ? [] : [`the model ${textIn(plan, 'model')}`],
    chosen(plan, 'prompt'),
    chosen(plan, 'arbiter'),
  ].flat();
  const using = withWhat.length === 0 ? '' : `, with ${listed(withWhat)}`;
  return `${to} by the route ${versioned(route)}${using}`;
}

function chosen(plan: Told, kind: 'prompt' | 'arbiter'): string[] {
  const piece = partOf(plan, kind);
  const name = textIn(piece, 'name');
  return name === undefined ? [] : [`the ${kind} ${versioned(piece)}`];
}

/** A piece of the registry, as it was chosen. */
function versioned(piece: Told): string {
  return `${textIn(piece, 'name') ?? ''} (version ${numberIn(piece, 'version') ?? 1})`;
}

function progressed(entry: Told): string {
  const percent = numberIn(entry, 'percent');
  const words = quoted(entry, 'message');
  const said = [percent === undefined ? [] : [`${percent} %`], words === undefined ? [] : [words]].flat();
  return `the worker went on${said.length === 0 ? '' : `: ${said.join(', ')}`}`;
}

function completed(entry: Told): string {
  const verdict = partOf(entry, 'verdict');
  const arbiter = textIn(verdict, 'arbiter');
  if (arbiter === undefined) return `${who(entry)} completed it`;
  const judge = `the arbiter ${arbiter} (version ${numberIn(verdict, 'version') ?? 1})`;
  const words = saying(verdict, 'message');
  switch (textIn(verdict, 'verdict')) {
    case 'accept':
      return `${who(entry)} completed it, and ${judge} accepted what it came to`;
    case 'retry':
      return textIn(entry, 'becomes') === 'dead_letter'
        ? `${who(entry)} completed it, and ${judge} wanted another attempt${words}; there was none left`
        : `${who(entry)} completed it, and ${judge} wanted another attempt${words}`;
    default:
      return `${who(entry)} completed it, and ${judge} rejected what it came to${words}`;
  }
}

function failed(entry: Told): string {
  const code = textIn(entry, 'code') ?? 'failed';
  const could = `${who(entry)} could not do it (${code})${saying(entry, 'message')}`;
  switch (textIn(entry, 'becomes')) {
    case 'queued':
      return `${could}; it is tried again`;
    case 'dead_letter':
      return `${could}; it ran out of attempts`;
    default:
      return `${could}; it is not tried again`;
  }
}

function ended(entry: Told): string {
  const cause = partOf(entry, 'cause');
  const by = textIn(cause, 'by') ?? '';
  if (/^(proposal|action):/.test(by)) return `so the step ${endOf(textIn(entry, 'state'))}`;
  const isOurs = entry.actor.kind === 'system';
  return isOurs
    ? `it was canceled: ${textIn(cause, 'message') ?? ''}`
    : `${who(entry)} canceled it${saying(cause, 'message')}`;
}

function endOf(state: string | undefined): string {
  return state === 'canceled' ? 'was canceled' : `has ${state ?? 'ended'}`;
}
