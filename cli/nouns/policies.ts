import type { View } from '@countersign/client/call-api';
import { documentLines } from '@countersign/client/document-lines';
import { lineDiff } from '@countersign/client/line-diff';
import { policyIn } from '@countersign/client/policy-detail';
import { printable, printableJson } from '@countersign/client/printable';
import { policyDocumentSchema } from '@countersign/protocol/policy-document';
import { command, operand } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { answerList, column, timeColumn } from '../command/listing.ts';
import { writeOptions } from '../command/writing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readJson } from '../files.ts';
import { membersOf } from '../members-of.ts';
import { diffText } from '../output/diff-text.ts';
import { textOf } from '../output/table.ts';
import { openPlane } from '../plane.ts';
import { policySwitchingCommands } from './policy-switching.ts';

const list = command({
  name: 'policies list',
  summary: 'what is approved, asked about or refused by rule',
  example: 'countersign policies list',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.policies.list({ signal: context.world.signal });
    return answerList<View>(context, found, found.policies, [
      column('NAME', 'name', true),
      column('STATUS', 'status'),
      { title: 'EFFECT', of: (row) => membersOf(row.policy).effect },
      { title: 'APPLIES TO', of: (row) => membersOf(row.policy).applies_to },
      timeColumn('SAVED', 'updated_at'),
    ]);
  },
});

const show = command({
  name: 'policies show',
  summary: 'one policy as it was written, and its tests',
  operands: ['NAME'],
  example: 'countersign policies show small-waivers',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const found = await plane.policies.read(operand(operands, 0), { signal: context.world.signal });
    // As it was written, so that it can be changed and saved again.
    context.answer(found, printableJson(membersOf(found.policy).policy));
    return exitCodes.ok;
  },
});

const diff = command({
  name: 'policies diff',
  summary: 'what a draft changes of what holds',
  text: `The lines are of the documents as JSON, members in order of their names; lines that are the same and far from any
change are left out.

Exit code 0: no change; 10: changes.`,
  operands: ['NAME'],
  example: 'countersign policies diff small-waivers',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const found = await plane.policies.read(operand(operands, 0), { signal: context.world.signal });
    const { in_force, name, policy } = policyIn(found);
    const edits = lineDiff(in_force == null ? [] : documentLines(in_force), documentLines(policy ?? {}));
    const changes = edits.filter(({ sign }) => sign !== ' ');
    const title = `${printable(name)}: ${in_force == null ? 'nothing in force' : 'in force'} -> newest\n`;
    context.answer({ ok: true, name, changes }, `${title}${diffText(edits) || 'no change\n'}`);
    return changes.length === 0 ? exitCodes.ok : exitCodes.changed;
  },
});

const save = command({
  name: 'policies save',
  summary: 'save a draft: it is compiled, and its tests are run',
  operands: ['FILE'],
  example: 'countersign policies save small-waivers.json',
  run: async (context, _values, operands) => {
    const policy = await readJson(operand(operands, 0));
    const problems = problemsOf(policy);
    if (problems.length > 0) return tellProblems(context, problems);
    const plane = await openPlane(context);
    const answer = await plane.policies.save(membersOf(policy), writeOptions(context));
    context.answer(answer, `${nameIn(policy)} is saved as a draft; \`policies activate\` puts it in force\n`);
    return exitCodes.ok;
  },
});

const test = command({
  name: 'policies test',
  summary: 'compile it and run its tests; nothing is saved',
  text: `Finds what is wrong with the form by itself; with --offline that is all. The control plane then compiles the
condition against the capabilities in force, and runs the tests that stand beside it.`,
  operands: ['FILE'],
  options: { offline: { type: 'boolean', help: 'look at the form alone' } },
  example: 'countersign policies test small-waivers.json',
  run: async (context, { offline }, operands) => {
    const policy = await readJson(operand(operands, 0));
    const problems = problemsOf(policy);
    if (problems.length > 0) return tellProblems(context, problems);
    const { name, tests } = policyDocumentSchema.parse(policy);
    const count = `${tests.length} test${tests.length === 1 ? '' : 's'}`;
    if (offline === true) {
      context.answer(
        { ok: true, name, tests_passed: null, problems: [] },
        `${name} is well formed, with ${count}\n`,
      );
      return exitCodes.ok;
    }
    const plane = await openPlane(context);
    const answer = await plane.policies.test(membersOf(policy), { signal: context.world.signal });
    context.answer(answer, `${name} compiles, and passes its ${count}\n`);
    return exitCodes.ok;
  },
});

interface PolicyProblem {
  readonly path: string;
  readonly message: string;
}

function problemsOf(policy: unknown): readonly PolicyProblem[] {
  const parsed = policyDocumentSchema.safeParse(policy);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({
    path: path.reduce<string>(
      (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
      '$',
    ),
    message,
  }));
}

function tellProblems(context: Context, problems: readonly PolicyProblem[]): ExitCode {
  context.answer(
    { ok: false, problems },
    problems.map(({ path, message }) => `${printable(path)}: ${printable(message)}\n`).join(''),
  );
  return exitCodes.failed;
}

function nameIn(policy: unknown): string {
  return policyDocumentSchema.parse(policy).name;
}

const replay = command({
  name: 'policies replay',
  summary: 'what it would have approved, and people rejected',
  operands: ['NAME'],
  example: 'countersign policies replay small-waivers',
  run: async (context, _values, operands) => {
    const plane = await openPlane(context);
    const answer = await plane.policies.replay(operand(operands, 0), { signal: context.world.signal });
    const { would_approve, of_these_rejected_by_people } = answer;
    const listed = (rows: readonly unknown[]) => rows.map((row) => `  ${idOf(row)}\n`).join('');
    context.answer(
      answer,
      `would have approved ${would_approve.length}\n${listed(would_approve)}` +
        `of these, people rejected ${of_these_rejected_by_people.length}\n${listed(of_these_rejected_by_people)}`,
    );
    return exitCodes.ok;
  },
});

function idOf(row: unknown): string {
  const isNamed = typeof row === 'object' && row !== null && 'proposal_id' in row;
  return textOf(isNamed ? row.proposal_id : row);
}

export const policyCommands = [list, show, diff, save, test, ...policySwitchingCommands, replay];
