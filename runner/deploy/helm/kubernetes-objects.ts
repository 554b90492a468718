import * as z from 'zod';

/*
 * The fields of Kubernetes' objects that the chart may use: what it means by each is in the tests, and whatever it gets
 * wrong, a field that Kubernetes does not have or that nobody looked at, is refused.
 */

const labels = z.record(z.string().regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9._-]{1,63}$/), z.string().max(63));
const objectName = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const port = z.int().min(1).max(65_535);
const selector = z.strictObject({ matchLabels: labels.refine((all) => Object.keys(all).length > 0) });
const metadata = z.strictObject({ name: objectName, labels });

const keyToPath = z.strictObject({ key: z.string(), path: z.string().regex(/^(?!\.\.)[^/]+$/) });
const items = z.array(keyToPath).min(1);
const volume = z.union([
  z.strictObject({
    name: objectName,
    configMap: z.strictObject({ name: z.string(), items: items.optional() }),
  }),
  z.strictObject({
    name: objectName,
    projected: z.strictObject({
      defaultMode: z.int(),
      sources: z.array(z.strictObject({ secret: z.strictObject({ name: z.string(), items }) })).min(1),
    }),
  }),
]);

const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.string() }),
  periodSeconds: z.int(),
  timeoutSeconds: z.int(),
  failureThreshold: z.int(),
});

const quantities = z.strictObject({ cpu: z.string().optional(), memory: z.string().optional() });

const container = z.strictObject({
  name: objectName,
  image: z.string(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({
        name: z.string(),
        valueFrom: z.strictObject({ fieldRef: z.strictObject({ fieldPath: z.literal('metadata.name') }) }),
      }),
    ]),
  ),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: port, protocol: z.literal('TCP') })),
  livenessProbe: probe,
  readinessProbe: probe,
  resources: z.strictObject({ requests: quantities, limits: quantities }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.boolean(),
    privileged: z.boolean(),
    readOnlyRootFilesystem: z.boolean(),
    capabilities: z.strictObject({ drop: z.array(z.string()) }),
  }),
  volumeMounts: z.array(
    z.strictObject({ name: z.string(), mountPath: z.string().startsWith('/'), readOnly: z.boolean() }),
  ),
});

const podSpec = z.strictObject({
  serviceAccountName: z.string(),
  automountServiceAccountToken: z.boolean(),
  enableServiceLinks: z.boolean(),
  terminationGracePeriodSeconds: z.int(),
  imagePullSecrets: z.array(z.strictObject({ name: z.string() })).optional(),
  securityContext: z.strictObject({
    runAsNonRoot: z.boolean(),
    runAsUser: z.int(),
    runAsGroup: z.int(),
    fsGroup: z.int(),
    seccompProfile: z.strictObject({ type: z.string() }),
  }),
  containers: z.tuple([container]),
  volumes: z.array(volume),
  topologySpreadConstraints: z.array(
    z.strictObject({
      maxSkew: z.int().min(1),
      topologyKey: z.string(),
      whenUnsatisfiable: z.enum(['ScheduleAnyway', 'DoNotSchedule']),
      labelSelector: selector,
    }),
  ),
  nodeSelector: labels.optional(),
  tolerations: z
    .array(
      z.strictObject({
        key: z.string().optional(),
        operator: z.enum(['Exists', 'Equal']).optional(),
        value: z.string().optional(),
        effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
        tolerationSeconds: z.int().optional(),
      }),
    )
    .optional(),
});

const deployment = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata,
  spec: z.strictObject({
    replicas: z.int(),
    revisionHistoryLimit: z.int(),
    strategy: z.strictObject({
      type: z.literal('RollingUpdate'),
      rollingUpdate: z.strictObject({ maxUnavailable: z.int(), maxSurge: z.int() }),
    }),
    selector,
    template: z.strictObject({
      metadata: z.strictObject({ labels, annotations: z.record(z.string(), z.string()) }),
      spec: podSpec,
    }),
  }),
});

const peer = z.union([
  z.strictObject({ namespaceSelector: selector, podSelector: selector }),
  z.strictObject({ ipBlock: z.strictObject({ cidr: z.union([z.cidrv4(), z.cidrv6()]) }) }),
]);
const ports = z.array(z.strictObject({ protocol: z.enum(['TCP', 'UDP']), port })).min(1);

/** A rule without a peer or a port would let everything through. */
const networkPolicy = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata,
  spec: z.strictObject({
    podSelector: selector,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.strictObject({ from: z.array(peer).min(1), ports })),
    egress: z.array(z.strictObject({ to: z.array(peer).min(1), ports })),
  }),
});

const serviceAccount = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ServiceAccount'),
  metadata,
  automountServiceAccountToken: z.boolean(),
});

const configMap = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata,
  data: z.record(z.string(), z.string()),
});

const podDisruptionBudget = z.strictObject({
  apiVersion: z.literal('policy/v1'),
  kind: z.literal('PodDisruptionBudget'),
  metadata,
  spec: z.strictObject({
    maxUnavailable: z.int(),
    unhealthyPodEvictionPolicy: z.literal('AlwaysAllow'),
    selector,
  }),
});

const kubernetesObject = z.discriminatedUnion('kind', [
  configMap,
  deployment,
  networkPolicy,
  podDisruptionBudget,
  serviceAccount,
]);
type KubernetesObject = z.infer<typeof kubernetesObject>;

export type Kind = KubernetesObject['kind'];
type Of<K extends Kind> = Extract<KubernetesObject, { kind: K }>;

/** The objects of a release by their kind, of which the chart makes one each. */
export class ReleaseObjects {
  readonly #objects: readonly KubernetesObject[];

  /** Throws at an object that is not one of these. */
  constructor(objects: readonly unknown[]) {
    this.#objects = objects.map((object) => kubernetesObject.parse(object));
  }

  get kinds(): readonly Kind[] {
    return this.#objects.map(({ kind }) => kind).toSorted();
  }

  get names(): readonly string[] {
    return this.#objects.map(({ metadata: { name } }) => name);
  }

  one<K extends Kind>(kind: K): Of<K> {
    const found = this.#objects.filter((object): object is Of<K> => object.kind === kind);
    const [object] = found;
    if (object === undefined || found.length > 1) throw new Error(`${found.length} objects of kind ${kind}`);
    return object;
  }
}
