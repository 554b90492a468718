import { areas } from '../../test/conformance/scenario.ts';
import { scenarios } from '../../test/conformance/scenarios.ts';
import { markdownTable } from './markdown-table.ts';

/** What existing clients rely on, as the suite plays it, in the order of the protocol's parts. */
export function compatibilityTable(): string {
  const rows = areas.flatMap((area) =>
    scenarios.filter((scenario) => scenario.area === area).map(({ section, what }) => [area, what, section]),
  );
  return markdownTable(['area', 'what clients rely on', 'section of the protocol'], rows);
}
