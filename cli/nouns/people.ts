import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import { answerList, column, pageOf, pageOptions, timeColumn, wholeNumber } from '../command/listing.ts';
import type { Options } from '../command/options.ts';
import { handOver, saveOption } from '../command/secret.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { readText } from '../files.ts';
import { openPlane } from '../plane.ts';

const rolesOptions = {
  role: {
    type: 'string',
    multiple: true,
    value: 'ROLE',
    help: 'owner, admin, operator, approver, auditor or viewer',
  },
  'approval-role': { type: 'string', multiple: true, value: 'ROLE', help: 'a named role of an approver' },
} as const satisfies Options;

const LONGEST_INVITATION_DAYS = 30;
const DAY_SECONDS = 86_400;

const listMembers = command({
  name: 'members list',
  summary: 'who belongs to the project, and as what',
  options: pageOptions,
  example: 'countersign members list',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.people.members(pageOf(values), { signal: context.world.signal });
    return answerList(context, found, found.members, [
      { title: 'PERSON', of: (row) => row.person ?? row.member_id ?? row.id },
      column('NAME', 'name'),
      { title: 'ROLES', of: (row) => row.roles ?? row.role },
      column('APPROVAL ROLES', 'approval_roles'),
    ]);
  },
});

const setRoles = command({
  name: 'members roles',
  summary: 'say what a member may do from now on',
  text: 'The roles named are all that are left to them.',
  operands: ['PERSON'],
  options: rolesOptions,
  example: 'countersign members roles ada@acme.example --role approver --approval-role billing_lead',
  run: async (context, values, operands) => {
    const person = operand(operands, 0);
    const { role = [], 'approval-role': approvalRoles = [] } = values;
    if (role.length === 0) throw usageFault('members roles needs --role');
    const plane = await openPlane(context);
    const roles = { roles: role, approval_roles: approvalRoles };
    const answer = await plane.people.setRoles(person, roles, writeOptions(context));
    context.answer(answer, `${person} is ${[...role, ...approvalRoles].join(', ')}\n`);
    return exitCodes.ok;
  },
});

const remove = command({
  name: 'members remove',
  summary: 'take a member out of the project',
  operands: ['PERSON'],
  options: reasonOption,
  example: 'countersign members remove ada@acme.example --reason "left the company"',
  run: async (context, { reason }, operands) => {
    const person = operand(operands, 0);
    const plane = await openPlane(context);
    const answer = await plane.people.remove(person, reason, writeOptions(context));
    context.answer(answer, `${person} is no member any more\n`);
    return exitCodes.ok;
  },
});

const listInvitations = command({
  name: 'invitations list',
  summary: 'invitations, open and past',
  options: pageOptions,
  example: 'countersign invitations list',
  run: async (context, values) => {
    const plane = await openPlane(context);
    const found = await plane.people.invitations(pageOf(values), { signal: context.world.signal });
    return answerList(context, found, found.invitations, [
      column('INVITATION', 'invitation_id', true),
      column('NAME', 'name'),
      { title: 'ROLES', of: (row) => row.roles ?? row.role },
      column('STATUS', 'status'),
      timeColumn('EXPIRES', 'expires_at'),
    ]);
  },
});

const invite = command({
  name: 'invitations create',
  summary: 'make a code by which somebody becomes a member',
  operands: ['NAME'],
  options: {
    ...rolesOptions,
    ...saveOption,
    days: { type: 'string', value: 'N', help: `how long it counts, 1 to ${LONGEST_INVITATION_DAYS}` },
  },
  example: 'countersign invitations create "Ada Lindqvist" --role approver --approval-role billing_lead',
  run: async (context, values, operands) => {
    const { role = [], 'approval-role': approvalRoles = [], days } = values;
    if (role.length === 0) throw usageFault('invitations create needs --role');
    const name = operand(operands, 0);
    const expires =
      days === undefined ? undefined : wholeNumber(days, '--days', 1, LONGEST_INVITATION_DAYS) * DAY_SECONDS;
    const plane = await openPlane(context);
    return handOver(context, values.save, async () => {
      const invitation = { name, roles: role, approval_roles: approvalRoles, expires_in_seconds: expires };
      const answer = await plane.people.invite(invitation, writeOptions(context));
      const { code: _, ...shown } = answer;
      const id = answer.invitation_id;
      return {
        answer,
        shown,
        secret: answer.secret_available ? answer.code : undefined,
        about: `invitation ${id} for ${printable(name)}`,
        next: `countersign invitations revoke ${id}, and create another`,
      };
    });
  },
});

const revokeInvitation = command({
  name: 'invitations revoke',
  summary: 'make an invitation count no more',
  operands: ['INVITATION'],
  example: 'countersign invitations revoke inv_01J...',
  run: async (context, _values, operands) => {
    const id = operand(operands, 0);
    const plane = await openPlane(context);
    context.answer(await plane.people.revokeInvitation(id, writeOptions(context)), `${id} counts no more\n`);
    return exitCodes.ok;
  },
});

const accept = command({
  name: 'invitations accept',
  summary: 'become a member, by a code from stdin or a file',
  options: { 'code-file': { type: 'string', value: 'FILE', help: 'where the code is; usual: stdin' } },
  example: 'countersign invitations accept < code.txt',
  run: async (context, values) => {
    const { world } = context;
    const file = values['code-file'];
    const isTyped = file === undefined && context.common['token-file'] !== '-';
    if (file === undefined && !isTyped)
      throw usageFault('stdin cannot hold the token and the code: use --code-file');
    const code = (
      file === undefined ? await typedOrPiped(world.ask, world.readInput) : await readText(file)
    ).trim();
    if (code === '') throw usageFault('there is no code');
    const plane = await openPlane(context);
    context.answer(
      await plane.people.acceptInvitation(code, writeOptions(context)),
      'you are a member now\n',
    );
    return exitCodes.ok;
  },
});

async function typedOrPiped(
  ask: (question: string) => Promise<string | undefined>,
  readInput: () => Promise<string>,
): Promise<string> {
  return (await ask('Code: ')) ?? readInput();
}

export const peopleCommands = [
  listMembers,
  setRoles,
  remove,
  listInvitations,
  invite,
  revokeInvitation,
  accept,
];
