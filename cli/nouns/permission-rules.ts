import { command, operand } from '../command/command.ts';
import { column } from '../command/listing.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { readJson } from '../files.ts';
import { membersOf } from '../members-of.ts';
import { table } from '../output/table.ts';
import { openPlane } from '../plane.ts';

const show = command({
  name: 'permission-rules show',
  summary: 'who may do what, and whether that is enforced',
  example: 'countersign permission-rules show --json > rules.json',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.rules.read({ signal: context.world.signal });
    const columns = [
      column('NAME', 'name', true),
      column('EFFECT', 'effect'),
      column('ASKS', 'asks'),
      column('WHEN', 'when'),
    ];
    const state = found.enforced === true ? 'enforced' : 'not enforced';
    const list = found.rules.length === 0 ? 'no rules\n' : table(columns, found.rules, context.emphasize);
    context.answer(found, `${list}${state}\n`);
    return exitCodes.ok;
  },
});

const save = command({
  name: 'permission-rules save',
  summary: 'replace the whole list of rules',
  text: 'FILE holds a list, or an object with the member `rules`, as `permission-rules show --json` gives it.',
  operands: ['FILE'],
  example: 'countersign permission-rules save rules.json',
  run: async (context, _values, operands) => {
    const document = await readJson(operand(operands, 0));
    const rules = Array.isArray(document) ? document : membersOf(document).rules;
    if (!Array.isArray(rules)) throw usageFault(`${operand(operands, 0)} holds no list of rules`);
    const plane = await openPlane(context);
    const answer = await plane.rules.save(rules, writeOptions(context));
    context.answer(answer, `${rules.length} rule${rules.length === 1 ? ' is' : 's are'} saved\n`);
    return exitCodes.ok;
  },
});

function switching(verb: 'enforce' | 'relax', isOn: boolean, summary: string, done: string) {
  return command({
    name: `permission-rules ${verb}`,
    summary,
    options: reasonOption,
    example: `countersign permission-rules ${verb} --reason "reviewed with security"`,
    run: async (context, { reason }) => {
      if (reason === undefined || reason.trim() === '')
        throw usageFault(`permission-rules ${verb} needs --reason`);
      const plane = await openPlane(context);
      context.answer(await plane.rules.enforce(isOn, reason, writeOptions(context)), done);
      return exitCodes.ok;
    },
  });
}

export const permissionRuleCommands = [
  show,
  save,
  switching('enforce', true, 'let the rules hold, unless they lock the owner out', 'the rules hold now\n'),
  switching('relax', false, 'let roles alone decide again', 'the rules hold no more\n'),
];
