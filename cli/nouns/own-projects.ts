import type { AccountApi, ProjectProgress, ProjectWish } from '@countersign/client/account-api';
import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { answerList, column, timeColumn } from '../command/listing.ts';
import { writeOptions } from '../command/writing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { openPlane } from '../plane.ts';

const SOURCE = /^([^=:]{1,120})=(postgres|mysql):(.{1,120})$/;

const create = command({
  name: 'projects create',
  summary: 'a project of your own, under a label',
  text: `The label is part of its address: 3 to 39 small letters, digits and hyphens. Shows each step until the project is
there. What cannot be finished is taken back, and the label is free again. Said again, it goes on watching.

A source is a database that a runner of yours will serve: an id, its engine and a name. Its address and password never
come here. A hosted runner serves actions and tasks, and no database.`,
  operands: ['LABEL'],
  options: {
    source: { type: 'string', multiple: true, value: 'ID=ENGINE:NAME', help: 'a database, by id' },
    region: {
      type: 'string',
      value: 'REGION',
      help: 'near to it: wnam, enam, sam, weur, eeur, apac, oc, afr, me',
    },
    jurisdiction: { type: 'string', value: 'NAME', help: 'where its record must stay: eu, fedramp' },
    'hosted-target': {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: 'hosts a runner that may act on it',
    },
    'hosted-handler': { type: 'string', multiple: true, value: 'NAME', help: 'hosts a runner for its tasks' },
  },
  example: 'countersign projects create acme --source src_billing=postgres:Billing',
  run: async (context, values, operands) => {
    const label = operand(operands, 0);
    const {
      'hosted-handler': handlers,
      'hosted-target': targets,
      jurisdiction,
      region,
      source = [],
    } = values;
    const isHosted = handlers !== undefined || targets !== undefined;
    const wish: ProjectWish = {
      label,
      ...(region === undefined ? {} : { region }),
      ...(jurisdiction === undefined ? {} : { jurisdiction }),
      sources: source.map(sourceIn),
      ...(isHosted ? { hosted_runner: { targets: targets ?? [], handlers: handlers ?? [] } } : {}),
    };
    const { account } = await openPlane(context);
    return watched(context, account, await account.create(wish, writeOptions(context)), wish);
  },
});

const progress = command({
  name: 'projects progress',
  summary: 'how far a project of yours has come',
  operands: ['LABEL'],
  options: {},
  example: 'countersign projects progress acme',
  run: async (context, _values, operands) => {
    const { account } = await openPlane(context);
    const found = await account.progress(operand(operands, 0), undefined, { signal: context.world.signal });
    context.answer(found, `${found.steps.map(stepLine).join('')}${printable(found.state)}\n`);
    return exitOf(found);
  },
});

const own = command({
  name: 'projects own',
  summary: 'the projects that you asked for',
  options: {},
  example: 'countersign projects own',
  run: async (context) => {
    const { account } = await openPlane(context);
    const found = await account.projects({ signal: context.world.signal });
    return answerList(context, found, found.projects, [
      column('LABEL', 'label', true),
      column('PROJECT', 'project_id', true),
      column('STATUS', 'status'),
      column('REGION', 'region'),
      timeColumn('CREATED', 'created_at'),
    ]);
  },
});

export const ownProjectCommands = [create, progress, own];

/** Throws `CliFault`. */
export function sourceIn(text: string): { source_id: string; engine: 'postgres' | 'mysql'; name: string } {
  const found = SOURCE.exec(text);
  if (found === null) throw usageFault('--source is ID=ENGINE:NAME, such as src_billing=postgres:Billing');
  const [, source_id = '', engine, name = ''] = found;
  return { source_id, engine: engine === 'mysql' ? 'mysql' : 'postgres', name };
}

/** Says each step as it ends, and in the end how the first runner is started. */
async function watched(
  context: Context,
  account: AccountApi,
  first: ProjectProgress,
  wish: ProjectWish,
): Promise<ExitCode> {
  const said = new Map<string, string>();
  let now = first;
  for (;;) {
    for (const step of now.steps.filter(({ state }) => state !== 'waiting')) {
      const line = stepLine(step);
      if (said.get(step.name) !== line) context.say(line);
      said.set(step.name, line);
    }
    if (now.state === 'done' || now.state === 'undone') break;
    now = await account.progress(wish.label, now.revision, { signal: context.world.signal });
  }
  context.answer(now, now.state === 'done' ? readyText(now, wish) : undoneText(now));
  return exitOf(now);
}

function stepLine({ name, state, trouble }: ProjectProgress['steps'][number]): string {
  const why = trouble === null ? '' : ` (${printable(trouble)})`;
  return `  ${printable(name).padEnd(16)} ${printable(state).replace('_', ' ')}${why}\n`;
}

function readyText({ project_id }: ProjectProgress, { label, sources = [] }: ProjectWish): string {
  const [source] = sources;
  const covers = source === undefined ? '' : ` --source ${source.source_id}`;
  const id = printable(project_id);
  return `${label} is ready: ${id}

Start a runner for it:
  countersign runner-tokens create first${covers} --project ${id} --save runner.token
  COUNTERSIGN_RUNNER_TOKEN="$(cat runner.token)" countersign-runner init
`;
}

function undoneText({ failure, label }: ProjectProgress): string {
  const why =
    failure === null ? '' : `: ${printable(failure.step)} failed with ${printable(failure.trouble)}`;
  return `${printable(label)} was not made${why}. Nothing of it is left, and its label is free.\n`;
}

function exitOf({ state }: ProjectProgress): ExitCode {
  return state === 'undone' ? exitCodes.failed : exitCodes.ok;
}
