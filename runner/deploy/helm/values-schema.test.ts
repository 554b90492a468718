import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { runnerConfigSchema } from '../../config/runner-config.ts';
import { mergeValues, readChart, valuesIn, withValue } from './render-chart.ts';
import { type Dict, isDict, type Value } from './template-functions.ts';

const defaults = valuesIn('values.yaml');
const sets = { minimal: valuesIn('ci/minimal-values.yaml'), full: valuesIn('ci/full-values.yaml') };

const schemaNode = z.object({
  type: z.string().optional(),
  $ref: z.string().optional(),
  enum: z.array(z.string()).optional(),
  const: z.union([z.string(), z.boolean()]).optional(),
  get properties() {
    return z.record(z.string(), schemaNode).optional();
  },
  get additionalProperties(): z.ZodOptional<z.ZodUnion<readonly [z.ZodBoolean, typeof schemaNode]>> {
    return z.union([z.boolean(), schemaNode]).optional();
  },
  get items() {
    return schemaNode.optional();
  },
  get anyOf() {
    return z.array(schemaNode).optional();
  },
  get oneOf() {
    return z.array(schemaNode).optional();
  },
  get definitions() {
    return z.record(z.string(), schemaNode).optional();
  },
});
type SchemaNode = z.infer<typeof schemaNode>;

const schemaText: unknown = JSON.parse(readChart('values.schema.json'));
const schema = schemaNode.parse(schemaText);

/** The node and all below it, with the path of each: `*` for any key, `[]` for any element, `=` before a value. */
function nodesOf(node: SchemaNode, path: string): [string, SchemaNode][] {
  const named = node.$ref === undefined ? undefined : schema.definitions?.[node.$ref.split('/').at(-1) ?? ''];
  if (named !== undefined) return nodesOf(named, path);
  return [
    [path, node],
    ...Object.entries(node.properties ?? {}).flatMap(([key, each]) => nodesOf(each, `${path}.${key}`)),
    ...(typeof node.additionalProperties === 'object' ? nodesOf(node.additionalProperties, `${path}.*`) : []),
    ...(node.items === undefined ? [] : nodesOf(node.items, `${path}[]`)),
    ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((each) => nodesOf(each, path)),
    ...[...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const])].map(
      (value): [string, SchemaNode] => [`${path}=${value}`, {}],
    ),
  ];
}

/** Every dict in the values, by its path. */
function dictPaths(values: Dict, path: readonly string[] = []): (readonly string[])[] {
  return [
    path,
    ...Object.entries(values).flatMap(([key, value]) =>
      isDict(value) ? dictPaths(value, [...path, key]) : [],
    ),
  ];
}

describe('the schema of the values', () => {
  const accepts = (values: Dict) =>
    z.fromJSONSchema(JSON.parse(readChart('values.schema.json'))).safeParse(values);

  test("takes the chart's own values, the minimal and the full ones", () => {
    for (const given of [{}, sets.minimal, sets.full]) {
      expect(accepts(mergeValues(defaults, given)).error?.issues).toBeUndefined();
    }
  });

  test.each(dictPaths(mergeValues(defaults, sets.full)).map((path) => [path.join('.'), path] as const))(
    'refuses a key that is not known in .%s',
    (_name, path) => {
      const values = mergeValues(defaults, sets.full);
      expect(accepts(withValue(values, [...path, 'misspelt'], 1)).success).toBe(false);
    },
  );

  test('is closed everywhere but in what Helm itself puts there', () => {
    const open = nodesOf(schema, '').filter(
      ([, node]) => node.type === 'object' && [undefined, true].includes(closing(node)),
    );
    expect(open.map(([path]) => path)).toEqual(['.global']);
  });

  /** What becomes of a key that the schema does not name; a schema of its own counts as false. */
  function closing({ additionalProperties }: SchemaNode): boolean | undefined {
    return typeof additionalProperties === 'object' ? false : additionalProperties;
  }

  test.each<[string, readonly string[], Value]>([
    ["a database's URL", ['sources', 'src_billing', 'settings', 'database_url'], 'postgres://db/billing'],
    ['a token', ['controlPlane', 'token'], 'syn'],
    ['a control plane without TLS', ['controlPlane', 'url'], 'http://countersign.example'],
    ['a control plane with a password', ['controlPlane', 'url'], 'https://a:b@countersign.example'],
    ['an address that is no range', ['controlPlane', 'cidrs'], ['countersign.example']],
    ['a database that can be reached nowhere', ['sources', 'src_billing', 'network', 'cidrs'], []],
    ['a digest that is none', ['image', 'digest'], 'latest'],
    ['a server that the kubelet cannot ask', ['http', 'host'], '127.0.0.1'],
  ])('refuses %s', (_name, path, value) => {
    expect(accepts(withValue(mergeValues(defaults, sets.full), path, value)).success).toBe(false);
  });

  test('has a secret nowhere: only the names of Secrets and of their keys', () => {
    const nodes = nodesOf(schema, '').filter(([path]) =>
      /(secret|token|password|databaseurl)[^.]*$/i.test(path),
    );
    const fields = nodes.map(([path, node]) => [path, Object.keys(node.properties ?? {})]);
    expect(fields).toEqual([
      ['.image.pullSecrets', []],
      ['.image.pullSecrets[]', []],
      ['.controlPlane.tokenSecret', ['name', 'key']],
      ['.sources.*.databaseUrlSecret', ['name', 'key']],
    ]);
  });

  test('takes every setting of a source that the runner takes, but where its secret is', () => {
    const sources = z.toJSONSchema(runnerConfigSchema, { io: 'input' }).properties?.sources;
    const ofRunner = nodesOf(schemaNode.parse(sources), '').map(([path]) => path);
    const ofChart = nodesOf(schema.properties?.sources ?? {}, '').map(([path]) => path);
    const settings = ofChart.filter((path) => path.startsWith('.*.settings'));
    expect(new Set(settings.map((path) => path.replace('.settings', '')))).toEqual(
      new Set(ofRunner.filter((path) => path.startsWith('.*') && !path.startsWith('.*.database_url'))),
    );
  });

  test('is shown whole by the full values: each setting is there, and is another than usual', () => {
    const settings = dictPaths(defaults).flatMap((path) => {
      const found = valueAt(defaults, path);
      return Object.keys(isDict(found) ? found : {}).map((key) => [...path, key]);
    });
    const same = settings.filter((path) => {
      const [usual, full] = [valueAt(defaults, path), valueAt(sets.full, path)];
      return JSON.stringify(usual) === JSON.stringify(full) || full === undefined;
    });
    expect(same.map((path) => path.join('.'))).toEqual([]);
    expect(Object.keys(defaults).toSorted()).toEqual(
      Object.keys(schema.properties ?? {})
        .filter((key) => key !== 'global')
        .toSorted(),
    );
  });

  function valueAt(values: Dict, path: readonly string[]): Value | undefined {
    return path.reduce<Value | undefined>((found, key) => (isDict(found) ? found[key] : undefined), values);
  }
});

test('the example in the comment of the values is the minimal source', () => {
  const [, example = ''] =
    /\n# The databases[^\n]*\n#\n((?:#.*\n)+?)#\n/.exec(readChart('values.yaml')) ?? [];
  expect({ sources: parse(example.replaceAll(/^#/gm, '')) }).toEqual({ sources: sets.minimal.sources });
});
