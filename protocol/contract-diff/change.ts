import { type ChangeName, changeKinds } from './change-kinds.ts';
import { type SmallValue, smallValue, textOf } from './small-value.ts';

export type Area =
  | 'contract'
  | 'resource'
  | 'context'
  | 'capability'
  | 'policy'
  | 'workflow'
  | 'external_action'
  | 'action';

/** Where two contracts differ, how, and whether the later one thereby permits more. */
export interface Change {
  area: Area;
  change: ChangeName;
  /** The capability, policy and so on; absent for the contract as a whole. */
  name?: string;
  /** Members of lists are called by their names: `$.capabilities['parcels.hold'].visible_fields`. */
  path: string;
  risk_increasing: boolean;
  before?: SmallValue;
  after?: SmallValue;
  message: string;
}

/** The part of the contract that is being compared. */
export interface Place {
  area: Area;
  name?: string;
  path: string;
  /** What of `path` lies inside the named thing, for messages. */
  inside: string;
}

export interface Values {
  before?: unknown;
  after?: unknown;
  /** For the kinds whose risk depends on the values; without it they count as risky. */
  risk?: boolean;
}

export const wholeContract: Place = { area: 'contract', path: '$', inside: '' };

const plainKey = /^[A-Za-z_][A-Za-z0-9_-]*$/;

export function fieldOf(place: Place, key: string): Place {
  if (!plainKey.test(key)) return memberOf(place, key);
  return {
    ...place,
    path: `${place.path}.${key}`,
    inside: place.inside === '' ? key : `${place.inside}.${key}`,
  };
}

export function memberOf(place: Place, name: string): Place {
  const step = `['${name.replaceAll(/['\\]/g, String.raw`\$&`)}']`;
  return { ...place, path: place.path + step, inside: place.inside + step };
}

/** The place of a named member of one of the contract's own lists. */
export function sectionMember(area: Area, place: Place, name: string): Place {
  return { area, name, path: memberOf(place, name).path, inside: '' };
}

export function change(kind: ChangeName, place: Place, values: Values = {}): Change {
  const { risk, title } = changeKinds[kind];
  const before = smallValue(values.before);
  const after = smallValue(values.after);
  return {
    area: place.area,
    change: kind,
    ...(place.name === undefined ? {} : { name: place.name }),
    path: place.path,
    risk_increasing: risk === 'depends' ? (values.risk ?? true) : risk,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    message: messageOf(place, title, before, after),
  };
}

function messageOf(place: Place, title: string, before?: SmallValue, after?: SmallValue): string {
  const thing = place.name === undefined ? place.area : `${place.area} ${place.name}`;
  const subject = place.inside === '' ? thing : `${thing}, ${place.inside}`;
  const shown = [before, after].filter((value) => value !== undefined).map(textOf);
  const said = `${subject}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`;
  return shown.length === 0 ? said : `${said} (${shown.join(' -> ')})`;
}
