import { command, operand } from '../command/command.ts';
import { column } from '../command/listing.ts';
import { writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { readJson } from '../files.ts';
import { membersOf } from '../members-of.ts';
import { table } from '../output/table.ts';
import { openPlane } from '../plane.ts';

const show = command({
  name: 'claims show',
  summary: 'which claims of identity providers make members',
  example: 'countersign claims show --json > claims.json',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.people.claims({ signal: context.world.signal });
    const columns = [
      column('ISSUER', 'issuer'),
      column('VALUE', 'value'),
      column('ROLES', 'roles'),
      column('APPROVAL ROLES', 'approval_roles'),
    ];
    const { mappings } = found;
    context.answer(found, mappings.length === 0 ? 'none\n' : table(columns, mappings, context.emphasize));
    return exitCodes.ok;
  },
});

const save = command({
  name: 'claims save',
  summary: 'replace the whole list of such claims',
  text: `FILE holds a list, or an object with the member \`mappings\`, as \`claims show --json\` gives it. Each names an
issuer, a value of its claim, roles and approval_roles. No claim makes an owner.`,
  operands: ['FILE'],
  example: 'countersign claims save claims.json',
  run: async (context, _values, operands) => {
    const file = operand(operands, 0);
    const document = await readJson(file);
    const mappings = Array.isArray(document) ? document : membersOf(document).mappings;
    if (!Array.isArray(mappings)) throw usageFault(`${file} holds no list of mappings`);
    const plane = await openPlane(context);
    const answer = await plane.people.saveClaims(mappings, writeOptions(context));
    const { length } = answer.mappings;
    context.answer(answer, `${length} mapping${length === 1 ? ' is' : 's are'} saved\n`);
    return exitCodes.ok;
  },
});

export const claimsCommands = [show, save];
