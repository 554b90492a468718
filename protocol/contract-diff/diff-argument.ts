import { own } from '../contract/own.ts';
import { change } from './change.ts';
import { always, type Compare, ceiling, fields, fieldsOf, floor, members } from './compare.ts';
import { entries } from './compare-lists.ts';

/** Without a list of values every value is taken. */
const compareChoices: Compare = (before, after, place) => {
  if (before === undefined) return [change('argument_tightened', place, { after })];
  if (after === undefined) return [change('argument_loosened', place, { before })];
  return entries('argument_loosened', 'argument_tightened')(before, after, place);
};

const compareRequired: Compare = (before, after, place) => {
  if (typeof before !== 'boolean' || typeof after !== 'boolean') return [];
  return [change(after ? 'argument_tightened' : 'argument_loosened', place, { before, after })];
};

const scalarRules = {
  description: always('description_changed'),
  required: compareRequired,
  enum: compareChoices,
  max_length: ceiling('argument_loosened', 'argument_tightened'),
  maximum: ceiling('argument_loosened', 'argument_tightened'),
  minimum: floor('argument_tightened', 'argument_loosened'),
};

const compareScalar = argument(fields(scalarRules, { required: true }));

const compareSpec = argument(
  fields(
    {
      ...scalarRules,
      max_items: ceiling('argument_loosened', 'argument_tightened'),
      fields: members(compareScalar),
    },
    { required: true },
  ),
);

export const compareArguments = members(compareSpec);

/** A spec may be absent, and one of another type is compared no further. */
function argument(compareRules: Compare): Compare {
  return (before, after, place) => {
    if (before === undefined) return [change('argument_added', place)];
    if (after === undefined) return [change('argument_removed', place)];
    const [was, is] = [fieldsOf(before), fieldsOf(after)];
    if (!was || !is) return [];
    const types = { before: own(was, 'type'), after: own(is, 'type') };
    if (types.before !== types.after) return [change('argument_type_changed', place, types)];
    return compareRules(before, after, place);
  };
}
