import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { parseTemplate } from './go-template.ts';
import { renderPieces } from './render-template.ts';
import { type Dict, isDict, type Value } from './template-functions.ts';

export const CHART = join(import.meta.dirname, 'countersign-runner');

const dictSchema = z.record(z.string(), z.json());
const chartSchema = z.strictObject({
  apiVersion: z.literal('v2'),
  name: z.string(),
  description: z.string(),
  type: z.literal('application'),
  version: z.string(),
  appVersion: z.string(),
  kubeVersion: z.string(),
});

export const chart = chartSchema.parse(parse(readChart('Chart.yaml')));

export function readChart(path: string): string {
  return readFileSync(join(CHART, path), 'utf8');
}

/** The values of a file of the chart, such as values.yaml. */
export function valuesIn(path: string): Dict {
  return dictSchema.parse(parse(readChart(path)));
}

/** As Helm does it: dicts are merged, null removes, and everything else is replaced. */
export function mergeValues(defaults: Dict, given: Dict): Dict {
  const merged = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    const before = defaults[key];
    if (value === null) delete merged[key];
    else merged[key] = isDict(before) && isDict(value) ? mergeValues(before, value) : value;
  }
  return merged;
}

/** A copy of the values in which one is another. */
export function withValue(values: Dict, path: readonly string[], value: Value): Dict {
  const [key = '', ...rest] = path;
  const inner = values[key];
  return { ...values, [key]: rest.length === 0 ? value : withValue(isDict(inner) ? inner : {}, rest, value) };
}

export interface Release {
  readonly name: string;
  readonly namespace: string;
}

export interface Rendered {
  /** The objects for Kubernetes, of each file in the order of its name. */
  readonly objects: readonly unknown[];
  readonly notes: string;
}

/** @param values the defaults included */
export function renderChart(values: Dict, release: Release): Rendered {
  const templates = new Map(
    readdirSync(join(CHART, 'templates'))
      .toSorted()
      .map((name) => [name, parseTemplate(readChart(`templates/${name}`))]),
  );
  const defined = new Map([...templates.values()].flatMap((template) => [...template.defined]));
  const root = {
    Values: values,
    Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
    Release: { Name: release.name, Namespace: release.namespace, Service: 'Helm' },
  };
  const render = (name: string) => renderPieces(templates.get(name)?.body ?? [], root, defined);
  const files = [...templates.keys()].filter((name) => name.endsWith('.yaml'));
  return { objects: files.flatMap((name) => objectsIn(render(name))), notes: render('NOTES.txt') };
}

/** What the documents of a text of YAML hold; throws at what is no YAML, and at a key that stands twice. */
export function objectsIn(text: string): unknown[] {
  // Helm reads YAML 1.1, in which more texts without quotes are something else than text.
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) throw fault;
    const object: unknown = document.toJS();
    return object === null ? [] : [object];
  });
}
