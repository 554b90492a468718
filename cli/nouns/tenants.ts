import { printable } from '@countersign/client/printable';
import { command, operand } from '../command/command.ts';
import type { Options } from '../command/options.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { configOption, USUAL_CONFIG } from '../serving/config-option.ts';
import { openServe } from '../serving/open-serve.ts';
import { givenBy } from '../serving/serve-answer.ts';
import { tenantText } from '../serving/tenant-text.ts';
import { sourceIn } from './own-projects.ts';

const ownerOption = {
  owner: { type: 'string', value: 'PERSON', help: 'whose it is: "ISSUER SUBJECT"' },
} as const satisfies Options;

const add = command({
  name: 'tenants add',
  summary: 'a tenant in the store here, while nothing serves it',
  text: `Makes a tenant with one member, who owns it and invites everybody else. The store is the configuration's, and nothing may
serve it: countersign serve --stop. The subject is what the issuer's tokens say in "sub".

Ends with 2 where something is not as it must be, and 4 where the label is taken or the store is served.`,
  operands: ['LABEL'],
  options: {
    ...ownerOption,
    'owner-name': { type: 'string', value: 'TEXT', help: 'what the owner is called' },
    source: { type: 'string', multiple: true, value: 'ID=ENGINE:NAME', help: 'a database, by id' },
    ...configOption,
  },
  example: 'countersign tenants add acme --owner "https://login.example.com 42" --owner-name Olivia',
  run: async (context, { config = USUAL_CONFIG, owner, source = [], ...values }, operands) => {
    const name = values['owner-name'];
    if (owner === undefined || name === undefined)
      throw usageFault('tenants add needs --owner and --owner-name');
    const sources = source.map(sourceIn);
    const wish = { label: operand(operands, 0), owner, owner_name: name, sources };
    const { tenantAdd } = await openServe();
    const made = givenBy(await tenantAdd(config, wish, context.world));
    context.answer(made, tenantText(made));
    return exitCodes.ok;
  },
});

const adopt = command({
  name: 'tenants adopt',
  summary: 'make room here for a record that is restored',
  text: `Writes the line of the directory for a record of which there is a snapshot in the backup folder, and nothing else: the
project is closed, and its owner alone may bring the record back. Nothing may serve the store.

LABEL and the owner need not be those that it had. Ends with 4 where the id or the label is taken.`,
  operands: ['PROJECT', 'LABEL'],
  options: { ...ownerOption, ...configOption },
  example: 'countersign tenants adopt prj_01J... acme --owner "https://login.example.com 42"',
  run: async (context, { config = USUAL_CONFIG, owner }, operands) => {
    if (owner === undefined) throw usageFault('tenants adopt needs --owner');
    const wish = { project: operand(operands, 0), label: operand(operands, 1), owner };
    const { tenantAdopt } = await openServe();
    const made = givenBy(await tenantAdopt(config, wish, context.world));
    const next = `countersign backup restore SNAPSHOT --project ${printable(made.project_id)} --reason TEXT`;
    context.answer(made, `${tenantText(made)}\nOnce it is served, as its owner:\n  ${next}\n`);
    return exitCodes.ok;
  },
});

export const tenantCommands = [add, adopt];
