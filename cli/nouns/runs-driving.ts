import { printable } from '@countersign/client/printable';
import { type NewTask, newTaskSchema } from '@countersign/protocol/run/task';
import * as z from 'zod';
import { command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { jsonIn, readJson } from '../files.ts';
import { openPlane } from '../plane.ts';

/** The standard input, where a file is wanted. */
const STDIN = '-';

const submit = command({
  name: 'runs submit',
  summary: 'begin a run: a command, and its first tasks',
  text: `Routes of the registry say which handler does a task; without one, the handler of its own name. With tasks the run
ends when its last step has ended; without, it is open until \`runs finish\`.

The list in --tasks is of objects like {"task": "collect", "key": "a", "input": {}, "after": ["b"]}: only "task" is needed,
and "after" names the keys of tasks that come first. Those of --task come before them, and wait for nothing.`,
  operands: ['COMMAND'],
  options: {
    text: { type: 'string', value: 'TEXT', help: 'what is wanted, in your own words' },
    input: { type: 'string', value: 'FILE', help: 'a JSON object for the run; stdin: -' },
    task: { type: 'string', multiple: true, value: 'NAME', help: 'a task that it begins with' },
    tasks: { type: 'string', value: 'FILE', help: 'tasks that it begins with, as a JSON list' },
  },
  example: 'countersign runs submit review-invoices --text "those of March" --task collect',
  run: async (context, { input, task = [], tasks, text }, operands) => {
    const given = input === undefined ? undefined : await inputIn(context, input);
    const listed = tasks === undefined ? [] : await tasksIn(tasks);
    const all = [...task.map((name) => ({ task: name })), ...listed];
    const plane = await openPlane(context);
    const answer = await plane.runs.submit(
      {
        command: operand(operands, 0),
        ...(text === undefined ? {} : { text }),
        ...(given === undefined ? {} : { input: given }),
        ...(all.length === 0 ? {} : { tasks: all }),
      },
      writeOptions(context),
    );
    context.answer(answer, `${printable(answer.run_id)}  ${printable(answer.status)}\n`);
    return exitCodes.ok;
  },
});

const objectSchema = z.record(z.string(), z.json());

async function inputIn({ common, world }: Context, path: string): Promise<z.infer<typeof objectSchema>> {
  if (path === STDIN && common['token-file'] === STDIN)
    throw usageFault('--input and --token-file cannot both be the standard input');
  const value = path === STDIN ? jsonIn(await world.readInput(), 'the standard input') : await readJson(path);
  const parsed = objectSchema.safeParse(value);
  if (!parsed.success) throw usageFault(`${path} does not hold a JSON object`);
  return parsed.data;
}

async function tasksIn(path: string): Promise<readonly NewTask[]> {
  const parsed = z.array(newTaskSchema).safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ message, path: at }) => `${z.core.toDotPath(['$', ...at])}: ${message}`,
  );
  throw new CliFault(`${path} is not a list of tasks: ${problems.join('; ')}`, { code: exitCodes.failed });
}

const OUTCOMES = ['succeeded', 'failed'] as const;

const finish = command({
  name: 'runs finish',
  summary: 'say that a run is over, and how it ended',
  text: 'None of its steps may be open; `runs cancel` ends those too.',
  operands: ['RUN'],
  options: {
    outcome: { type: 'string', value: 'OUTCOME', help: OUTCOMES.join(' or ') },
    summary: { type: 'string', value: 'TEXT', help: 'what it came to; it stands in the ledger' },
  },
  example: 'countersign runs finish run_01J... --outcome succeeded --summary "all of March is paid"',
  run: async (context, values, operands) => {
    const outcome = OUTCOMES.find((one) => one === values.outcome);
    if (outcome === undefined) throw usageFault(`runs finish needs --outcome ${OUTCOMES.join(' or ')}`);
    const plane = await openPlane(context);
    const id = operand(operands, 0);
    const answer = await plane.runs.finish(id, outcome, values.summary, writeOptions(context));
    context.answer(answer, `${outcome}\n`);
    return exitCodes.ok;
  },
});

const cancel = command({
  name: 'runs cancel',
  summary: 'end a run now, and withdraw what is not decided',
  text: 'Its tasks are taken back from their workers. What was approved goes its way.',
  operands: ['RUN'],
  options: reasonOption,
  example: 'countersign runs cancel run_01J... --reason "the wrong month"',
  run: async (context, { reason }, operands) => {
    const plane = await openPlane(context);
    const answer = await plane.runs.cancel(operand(operands, 0), reason, writeOptions(context));
    context.answer(answer, 'canceled\n');
    return exitCodes.ok;
  },
});

const cancelTask = command({
  name: 'runs cancel-task',
  summary: 'take a task back, also from the worker that has it',
  text: `TASK is the id that \`runs show\` tells below the steps. Tasks that follow it are canceled too, unless they only wait
for it to end.`,
  operands: ['TASK'],
  options: reasonOption,
  example: 'countersign runs cancel-task stp_01J... --reason "not needed any more"',
  run: async (context, { reason }, operands) => {
    const plane = await openPlane(context);
    const answer = await plane.runs.cancelTask(operand(operands, 0), reason, writeOptions(context));
    context.answer(answer, 'canceled\n');
    return exitCodes.ok;
  },
});

export const runDrivingCommands = [submit, finish, cancel, cancelTask];
