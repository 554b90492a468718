import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { GRACE_MS } from '../commands/shutdown.ts';
import { parseConfig } from '../config/load-config.ts';
import { runnerConfigSchema } from '../config/runner-config.ts';
import { runnerVersion } from '../version.ts';
import { imageFacts } from './dockerfile.ts';
import { ReleaseObjects } from './helm/kubernetes-objects.ts';
import {
  CHART,
  chart,
  mergeValues,
  objectsIn,
  readChart,
  renderChart,
  valuesIn,
  withValue,
} from './helm/render-chart.ts';
import { type Dict, isDict, TemplateRefusal, type Value } from './helm/template-functions.ts';

const release = { name: 'billing', namespace: 'ops' };
const defaults = valuesIn('values.yaml');
const sets = { minimal: valuesIn('ci/minimal-values.yaml'), full: valuesIn('ci/full-values.yaml') };
const names = ['minimal', 'full'] as const;

function objectsOf(given: Dict): ReleaseObjects {
  return new ReleaseObjects(renderChart(mergeValues(defaults, given), release).objects);
}

function podOf(given: Dict) {
  return objectsOf(given).one('Deployment').spec.template.spec;
}

function configTextOf(given: Dict): string {
  return objectsOf(given).one('ConfigMap').data['runner.json'] ?? '';
}

/** The configuration as a runner in the pod `a-pod` reads it. */
function configOf(given: Dict) {
  return parseConfig(configTextOf(given), { POD_NAME: 'a-pod' });
}

describe('the chart', () => {
  test('is of the present release', () => {
    expect([chart.version, chart.appVersion]).toEqual([runnerVersion, runnerVersion]);
  });

  test.each([
    ['minimal', ['ConfigMap', 'Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'ServiceAccount']],
    ['full', ['ConfigMap', 'Deployment', 'NetworkPolicy', 'ServiceAccount']],
  ] as const)('makes of the %s values these objects and never a Secret', (name, kinds) => {
    expect(objectsOf(sets[name]).kinds).toEqual(kinds);
  });

  test('refuses its own values, which name nothing yet, and says what to set', () => {
    expect(() => renderChart(defaults, release)).toThrow(TemplateRefusal);
  });

  test.each<[string, readonly string[], Value]>([
    ['image.repository is required: ', ['image', 'repository'], ''],
    ['controlPlane.url is required: ', ['controlPlane', 'url'], ''],
    ['controlPlane.cidrs is required: ', ['controlPlane', 'cidrs'], []],
    ['controlPlane.tokenSecret.name is required: ', ['controlPlane', 'tokenSecret', 'name'], ''],
    ['sources is required: ', ['sources'], {}],
    ['metrics.podLabels is required where ', ['metrics', 'podLabels'], {}],
  ])('says that %s...', (message, path, value) => {
    const values = withValue(mergeValues(defaults, sets.full), path, value);
    expect(() => renderChart(values, release)).toThrow(message);
  });

  test.each([
    ['billing', 'billing-countersign-runner'],
    ['countersign-runner', 'countersign-runner'],
    ['a'.repeat(50), `${'a'.repeat(50)}-countersign`],
    ['a'.repeat(53), `${'a'.repeat(53)}-countersi`],
  ])('names all objects of the release %s %s', (name, fullName) => {
    const { objects } = renderChart(mergeValues(defaults, sets.minimal), { ...release, name });
    expect(new Set(new ReleaseObjects(objects).names)).toEqual(new Set([fullName]));
  });

  test('says afterwards what to look at', () => {
    const { notes } = renderChart(mergeValues(defaults, sets.full), release);
    const program = imageFacts().entrypoint.filter((word) => !word.startsWith('--'));
    const doctor = [...program, 'doctor', ...imageFacts().command.slice(1)].join(' ');
    expect(notes).toContain(
      `kubectl --namespace ops exec deployment/billing-countersign-runner -- ${doctor}`,
    );
    expect(notes).toContain('\n  src:settings.eu\n  src_billing\n');
  });
});

describe.each(names)('a pod of the %s values', (name) => {
  const pod = podOf(sets[name]);
  const [container] = pod.containers;

  test('is no root, and is the user of the image', () => {
    const [uid, gid] = imageFacts().user.split(':').map(Number);
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: uid,
      runAsGroup: gid,
      fsGroup: gid,
      seccompProfile: { type: 'RuntimeDefault' },
    });
  });

  test('has no rights, and cannot get any', () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('has an identity of its own in the cluster, and no token for it', () => {
    const account = objectsOf(sets[name]).one('ServiceAccount');
    expect(pod.serviceAccountName).toBe(account.metadata.name);
    expect([account.automountServiceAccountToken, pod.automountServiceAccountToken]).toEqual([false, false]);
  });

  test('has the memory that it may take', () => {
    expect(container.resources.limits.memory).toMatch(/^\d+Mi$/);
    expect(container.resources.requests).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
  });

  test('is asked at the port and the address that the configuration names', () => {
    const { http } = configOf(sets[name]);
    expect(container.ports).toEqual([{ name: 'http', containerPort: http?.port, protocol: 'TCP' }]);
    expect(['0.0.0.0', '::']).toContain(http?.host);
    expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  test('has more than both stages of stopping', () => {
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(2 * GRACE_MS);
  });

  test('has the configuration where the image looks for it', () => {
    const [, , path] = imageFacts().command;
    const volume = pod.volumes.find((each) => each.name === 'config');
    expect(volume).toEqual({ name: 'config', configMap: { name: objectsOf(sets[name]).names[0] } });
    expect(`${mountOf('config')}/runner.json`).toBe(path);
  });

  test('writes nowhere: every mount is read-only', () => {
    expect(container.volumeMounts.filter(({ readOnly }) => !readOnly)).toEqual([]);
    expect(container.volumeMounts.map((mount) => mount.name)).toEqual(pod.volumes.map((each) => each.name));
  });

  test('has its own name, and no secret, in its environment', () => {
    const byValue = container.env.filter((variable) => 'value' in variable);
    expect(container.env[0]).toEqual({
      name: 'POD_NAME',
      valueFrom: { fieldRef: { fieldPath: 'metadata.name' } },
    });
    expect(byValue).toEqual(
      name === 'full'
        ? [
            { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'https://otel.example:4443' },
            { name: 'NODE_EXTRA_CA_CERTS', value: `${mountOf('trusted-ca')}/ca.crt` },
          ]
        : [],
    );
  });

  test('has each secret that the configuration asks for, where it asks, and no other', () => {
    const config = configOf(sets[name]);
    const asked = [
      config.control_plane.token,
      ...Object.values(config.sources).map((source) => source.database_url),
    ];
    expect(mountedSecrets().map(([path]) => ({ file: path }))).toEqual(asked);
  });

  test('lets nobody but itself read the secrets', () => {
    const volume = pod.volumes.find((each) => 'projected' in each);
    expect(volume).toMatchObject({ name: 'secrets', projected: { defaultMode: 0o440 } });
  });

  test('is spread over nodes with its like', () => {
    expect(pod.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: objectsOf(sets[name]).one('Deployment').spec.selector,
      },
    ]);
  });

  function mountOf(volume: string): string | undefined {
    return container.volumeMounts.find((mount) => mount.name === volume)?.mountPath;
  }

  /** Paths in the pod, each with the Secret and the key that is there. */
  function mountedSecrets(): [string, string, string][] {
    return pod.volumes.flatMap((volume) =>
      'projected' in volume
        ? volume.projected.sources.flatMap(({ secret }) =>
            secret.items.map((item): [string, string, string] => [
              `${mountOf(volume.name)}/${item.path}`,
              secret.name,
              item.key,
            ]),
          )
        : [],
    );
  }

  test('takes them from the Secrets that the values name', () => {
    const expected = {
      minimal: [
        ['token', 'countersign-token', 'token'],
        ['database-url.src_billing', 'billing-database', 'url'],
      ],
      full: [
        ['token', 'countersign', 'runner-token'],
        ['database-url.src:settings.eu', 'databases', 'settings-url'],
        ['database-url.src_billing', 'databases', 'billing-url'],
      ],
    }[name];
    expect(mountedSecrets()).toEqual(
      expected.map(([path, ...rest]) => [`/run/secrets/countersign/${path}`, ...rest]),
    );
  });
});

describe('the pods', () => {
  test('run the image of this release, or the one that is pinned', () => {
    expect(podOf(sets.minimal).containers[0].image).toBe(
      `registry.example/countersign-runner:${runnerVersion}`,
    );
    expect(podOf(sets.full).containers[0].image).toMatch(/\/countersign-runner@sha256:0+1$/);
    const tagged = withValue(sets.full, ['image', 'digest'], '');
    expect(podOf(tagged).containers[0].image).toMatch(/\/countersign-runner:0\.1\.0-rc\.1$/);
  });

  test('are as many as the values say, and replaced one by one, the new one first', () => {
    const { replicas, strategy } = objectsOf(sets.full).one('Deployment').spec;
    expect([replicas, strategy]).toEqual([
      3,
      { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    ]);
  });

  test('are known to everything that selects them, and to nothing of another release', () => {
    const objects = objectsOf(sets.minimal);
    const { selector, template } = objects.one('Deployment').spec;
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    expect(objects.one('NetworkPolicy').spec.podSelector).toEqual(selector);
    expect(objects.one('PodDisruptionBudget').spec.selector).toEqual(selector);
    expect(selector.matchLabels['app.kubernetes.io/instance']).toBe('billing');
  });

  test('are replaced when the configuration is another, and only then', () => {
    const templateOf = (given: Dict) => objectsOf(given).one('Deployment').spec.template;
    expect(templateOf(withValue(sets.minimal, ['lanes'], 3))).not.toEqual(templateOf(sets.minimal));
    expect(templateOf(withValue(sets.minimal, ['replicas'], 5))).toEqual(templateOf(sets.minimal));
    expect(templateOf(withValue(sets.minimal, ['controlPlane', 'cidrs'], ['192.0.2.11/32']))).toEqual(
      templateOf(sets.minimal),
    );
  });

  test('go to nodes that the values name, and with them their tolerations', () => {
    const { nodeSelector, tolerations } = podOf(sets.full);
    expect({ nodeSelector, tolerations }).toEqual({
      nodeSelector: sets.full.nodeSelector,
      tolerations: sets.full.tolerations,
    });
    expect(podOf(sets.full).imagePullSecrets).toEqual([{ name: 'registry' }]);
  });

  test('may be evicted one at a time, and always when they are not ready', () => {
    expect(objectsOf(sets.minimal).one('PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });
});

describe('the configuration', () => {
  test.each(names)('of the %s values is one that the runner takes, under the name of its pod', (name) => {
    const { control_plane, lanes, mode, profile, runner_id, sources } = configOf(sets[name]);
    const values = mergeValues(defaults, sets[name]);
    expect({ lanes, mode, profile, runner_id, sources: Object.keys(sources) }).toEqual({
      lanes: values.lanes,
      mode: values.mode,
      profile: values.profile,
      runner_id: 'a-pod',
      sources: Object.keys(sets[name].sources ?? {}).toSorted(),
    });
    expect(control_plane.url).toMatch(/^https:\/\/countersign\.example/);
  });

  test('has the settings of each source as they are written', () => {
    const written = JSON.parse(configTextOf(sets.full));
    for (const [id, source] of Object.entries(isDict(sets.full.sources) ? sets.full.sources : {})) {
      const { database_url, ...settings } = written.sources[id];
      expect(settings).toEqual(isDict(source) ? source.settings : undefined);
      expect(database_url).toEqual({ file: `/run/secrets/countersign/database-url.${id}` });
    }
  });

  test('has every field that the runner knows, but for those whose networks the chart does not open', () => {
    const outward = ['executors', 'actions_at_once', 'artifacts', 'models', 'tasks'];
    const fields = Object.keys(runnerConfigSchema.shape)
      .filter((field) => !outward.includes(field))
      .toSorted();
    expect(Object.keys(JSON.parse(configTextOf(sets.full)))).toEqual(fields);
  });

  test('has the project only where the values name one', () => {
    expect(configOf(sets.minimal).control_plane.project_id).toBeUndefined();
    expect(configOf(sets.full).control_plane.project_id).toBe('prj_acme');
  });

  test('is for production unless the values say otherwise', () => {
    expect(configOf(sets.minimal).profile).toBe('production');
  });
});

describe('the network policy', () => {
  const tcp = (port: number) => [{ protocol: 'TCP', port }];
  const dns = (port: number) => [{ protocol: 'UDP', port }, ...tcp(port)];
  const address = (cidr: string) => ({ ipBlock: { cidr } });
  const pods = (namespace: string, matchLabels: Record<string, string>) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels },
  });
  const policyOf = (given: Dict) => {
    const { egress, ingress, policyTypes } = objectsOf(given).one('NetworkPolicy').spec;
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    return { egress, ingress };
  };

  test('lets nothing in, and out to DNS, the control plane and the databases', () => {
    expect(policyOf(sets.minimal)).toEqual({
      ingress: [],
      egress: [
        { to: [pods('kube-system', { 'k8s-app': 'kube-dns' })], ports: dns(53) },
        { to: [address('192.0.2.10/32')], ports: tcp(443) },
        { to: [address('10.20.0.5/32')], ports: tcp(5432) },
      ],
    });
  });

  test('lets in who may read the metrics, and out to what the values name', () => {
    expect(policyOf(sets.full)).toEqual({
      ingress: [{ from: [pods('observability', { app: 'agent', tier: 'scrape' })], ports: tcp(9000) }],
      egress: [
        {
          to: [
            pods('openshift-dns', { 'dns.operator.openshift.io/daemonset-dns': 'default' }),
            address('169.254.20.10/32'),
          ],
          ports: dns(5353),
        },
        { to: [address('192.0.2.0/24'), address('2001:db8::/32')], ports: tcp(8443) },
        { to: [address('10.40.0.1/32')], ports: tcp(4443) },
        { to: [address('10.30.0.0/28')], ports: tcp(3306) },
        { to: [address('10.20.0.5/32'), address('10.20.0.6/32')], ports: tcp(5432) },
      ],
    });
  });
});

test('a collector without addresses is refused, since no policy could let the runner reach it', () => {
  const traces = { endpoint: 'http://otel.example:4318' };
  expect(() => objectsOf({ ...sets.minimal, traces })).toThrow('traces.cidrs is required');
});

test('no file of the chart holds a secret', () => {
  const files = readdirSync(CHART, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(10);
  for (const { name, parentPath } of files) {
    expect(readChart(join(parentPath, name).slice(CHART.length)), name).not.toMatch(
      /syn_[a-z]+_|postgres(ql)?:\/\/[^\s/]*:[^\s/]*@|PASSWORD[:=] *['"]?\w/,
    );
  }
});

const hasHelm = spawnSync('helm', ['version', '--short']).status === 0;
const skipped = hasHelm ? '' : ' (SKIPPED: there is no helm on the PATH)';

test.skipIf(!hasHelm).each(names)(`helm makes the same of the %s values${skipped}`, (name) => {
  const values = ['--values', join(CHART, `ci/${name}-values.yaml`)];
  const kept = ['--namespace', release.namespace, '--kube-version', '1.31.0'];
  execFileSync('helm', ['lint', '--strict', CHART, ...values]);
  const made = execFileSync('helm', ['template', release.name, CHART, ...kept, ...values], {
    encoding: 'utf8',
  });
  const byKind = (objects: readonly unknown[]) =>
    new Map(objects.map((object) => [z.looseObject({ kind: z.string() }).parse(object).kind, object]));
  const rendered = renderChart(mergeValues(defaults, sets[name]), release).objects;
  expect(byKind(objectsIn(made))).toEqual(byKind(rendered));
});
