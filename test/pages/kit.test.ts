// What people deploy with: the manifests of Kubernetes, compose and the image. Each name that one of them says of
// another is there, and each setting is one of ours.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { loadOperators } from '../../src/operators/load.js';
import { readSettings, describeSettings } from '../../src/settings.js';
import { root } from '../support/pages.js';

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What stands at a path; undefined where there is nothing. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((left, step) => {
    if (Array.isArray(left)) return left[Number(step)];
    return isTree(left) ? left[step] : undefined;
  }, value);
}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const named = (value: unknown): unknown[] => list(value).map((one) => at(one, 'name'));

/** Every value anywhere under a key of this name. */
function allOf(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => allOf(one, key));
  if (!isTree(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => [...(name === key ? [one] : []), ...allOf(one, key)]);
}
const seconds = (text: unknown): number => {
  const [, count = '', unit = ''] = /^(\d+)(ms|s|m)?$/.exec(String(text)) ?? [];
  return Number(count) * ({ ms: 0.001, m: 60 }[unit] ?? 1);
};

/** The environment a container is given. */
const envOf = (container: unknown): Record<string, string> =>
  Object.fromEntries(list(at(container, 'env')).map((one) => [String(at(one, 'name')), String(at(one, 'value'))]));
/** What the image sets by itself. */
const imageEnv = Object.fromEntries(
  (/^ENV (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '').split(' ').map((pair) => pair.split('=') as [string, string]),
);

const directory = 'config/deploy/kubernetes';
const kustomization: unknown = parse(read(`${directory}/kustomization.yaml`));
const manifests = list(at(kustomization, 'resources')).flatMap((file) =>
  parseAllDocuments(read(`${directory}/${String(file)}`)).map((document): Tree => {
    expect(document.errors).toEqual([]);
    const tree: unknown = document.toJS();
    return isTree(tree) ? tree : {};
  }),
);
const ofKind = (kind: string): Tree => manifests.find((one) => one['kind'] === kind) ?? {};
const settings = [...describeSettings().matchAll(/^ {2}(\w+)/gm)].map(([, name = '']) => name);
const grace = 1;
/** What `platform.timeout` is by itself. */
const usualTimeout = 10;

describe('in Kubernetes', () => {
  const deployment = ofKind('Deployment');
  const pod = at(deployment, 'spec', 'template', 'spec');
  const container = at(pod, 'containers', 0);
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const ports = new Map(
    list(at(container, 'ports')).map((port) => [at(port, 'name'), String(at(port, 'containerPort'))]),
  );
  const env = envOf(container);

  test('every manifest is one of the kustomization, with kind, version and name', () => {
    const files = readdirSync(join(root, directory)).filter((file) => file !== 'kustomization.yaml');
    const used = [at(kustomization, 'resources'), at(kustomization, 'configMapGenerator', 0, 'files')].flatMap(list);

    // Adopting a journal is a person's business, so it is applied by hand.
    expect(files.sort()).toEqual([...used.map(String), 'adopt.yaml'].sort());
    for (const manifest of manifests)
      expect(manifest).toMatchObject({
        apiVersion: expect.stringMatching(/v1$/),
        kind: expect.any(String),
        metadata: { name: expect.any(String) },
      });
    expect(manifests.map(({ kind }) => kind).sort()).toEqual([
      'Deployment',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'Service',
      'ServiceMonitor',
    ]);
    expect(at(ofKind('Namespace'), 'metadata', 'name')).toBe(at(kustomization, 'namespace'));
    expect(at(kustomization, 'images', 0, 'name')).toBe(at(container, 'image'));
    const job: unknown = parse(read(`${directory}/adopt.yaml`));
    const adopting = at(job, 'spec', 'template', 'spec');
    expect(at(job, 'metadata', 'namespace')).toBe(at(kustomization, 'namespace'));
    for (const part of ['securityContext', 'automountServiceAccountToken'])
      expect(at(adopting, part)).toEqual(at(pod, part));
    expect(at(adopting, 'containers', 0, 'securityContext')).toEqual(at(container, 'securityContext'));
    for (const part of ['volumeMounts', 'env'])
      expect(at(container, part)).toEqual(expect.arrayContaining([...list(at(adopting, 'containers', 0, part))]));
    expect(at(pod, 'volumes')).toEqual(expect.arrayContaining([...list(at(adopting, 'volumes'))]));
  });

  test('whatever selects the replicas finds them', () => {
    const services = manifests.filter(({ kind }) => kind === 'Service');
    const selectors = [
      at(deployment, 'spec', 'selector', 'matchLabels'),
      at(ofKind('PodDisruptionBudget'), 'spec', 'selector', 'matchLabels'),
      at(ofKind('NetworkPolicy'), 'spec', 'podSelector', 'matchLabels'),
      ...allOf(at(pod, 'topologySpreadConstraints'), 'matchLabels'),
      ...services.map((service) => at(service, 'spec', 'selector')),
    ];

    expect(selectors).toHaveLength(7);
    for (const selector of selectors) expect(labels).toMatchObject(selector as object);
    const scraped = services.filter((service) => {
      const wanted = at(ofKind('ServiceMonitor'), 'spec', 'selector', 'matchLabels') as object;
      return Object.entries(wanted).every(([name, value]) => at(service, 'metadata', 'labels', name) === value);
    });
    expect(scraped.map((service) => named(at(service, 'spec', 'ports')))).toEqual([['admin']]);
    expect(allOf(at(ofKind('ServiceMonitor'), 'spec'), 'port')).toEqual(['admin']);
  });

  test('every port that is named is one of the container, which listens there', () => {
    const targets = [
      ...allOf(manifests, 'targetPort'),
      ...allOf(at(ofKind('NetworkPolicy'), 'spec', 'ingress'), 'port'),
    ];
    const probes = allOf(container, 'httpGet').map((get) => at(get, 'port'));

    expect(targets).toHaveLength(4);
    expect(probes).toEqual(['admin', 'admin', 'admin']);
    for (const name of [...targets, ...probes]) expect([...ports.keys()]).toContain(name);
    const { settings: set } = readSettings({}) as { settings: { PORT: number; ADMIN_PORT: number } };
    expect([ports.get('callbacks'), ports.get('admin')]).toEqual([String(set.PORT), String(set.ADMIN_PORT)]);
    expect(read('Dockerfile')).toContain(`EXPOSE ${set.PORT} ${set.ADMIN_PORT}`);
  });

  test('every setting is one there is, and what it names is mounted', () => {
    expect(Object.keys(env).filter((name) => !settings.includes(name))).toEqual([]);
    const mounts = list(at(container, 'volumeMounts'));
    const paths = mounts.map((mount) => String(at(mount, 'mountPath')));
    expect(mounts.map((mount) => at(mount, 'name')).sort()).toEqual(named(at(pod, 'volumes')).sort());
    expect(paths).toContain(env['OPERATORS_DIR']);
    expect(paths.some((path) => env['REDIS_URL_FILE']?.startsWith(`${path}/`))).toBe(true);
    // A file that is mounted alone never changes.
    expect(allOf(mounts, 'subPath')).toEqual([]);
    expect(allOf(at(pod, 'volumes'), 'configMap').map((map) => at(map, 'name'))).toEqual(
      named(at(kustomization, 'configMapGenerator')),
    );
    // Secrets are made by hand, as the page says.
    const made = [...read('config/deploy/kubernetes.md').matchAll(/create secret generic (\S+)/g)].map(
      ([, name]) => name,
    );
    expect(allOf(at(pod, 'volumes'), 'secretName').sort()).toEqual([...new Set(made)].sort());
  });

  test('whoever adopts and whoever serves have all the settings they need, with what the image says', () => {
    const job = at(parse(read(`${directory}/adopt.yaml`)), 'spec', 'template', 'spec', 'containers', 0);
    const secrets = mkdtempSync(join(tmpdir(), 'wallet-bridge-kit-'));
    const secret = { url: 'redis://redis', operator: 'a'.repeat(64), viewer: 'b'.repeat(64) };
    for (const [name, text] of Object.entries(secret)) writeFileSync(join(secrets, name), text);
    const around = (one: unknown): NodeJS.ProcessEnv => ({
      ...imageEnv,
      ...Object.fromEntries(
        Object.entries(envOf(one)).map(([name, value]) => [name, value.replace(/^\/run\/secrets\/\w+/, secrets)]),
      ),
    });

    try {
      expect(readSettings(around(container))).toMatchObject({ settings: { NODE_ENV: 'production' } });
      expect(readSettings(around(job), { listens: false })).toMatchObject({ settings: { REDIS_URL: secret.url } });
    } finally {
      rmSync(secrets, { recursive: true });
    }
  });

  test('the operator’s file is sound, and finds its secrets where they are mounted', () => {
    const asked: string[] = [];
    const mounted = list(at(container, 'volumeMounts')).map((mount) => String(at(mount, 'mountPath')));
    const { problems } = loadOperators([join(root, directory, 'harbour.yaml')], {
      env: {},
      readFile(path) {
        if (path.endsWith('harbour.yaml')) return readFileSync(path, 'utf8');
        asked.push(path);
        return 'a-secret-of-enough-bytes';
      },
    });

    expect(problems).toEqual([]);
    expect(asked).toHaveLength(2);
    for (const path of asked) expect(mounted).toContain(path.slice(0, path.lastIndexOf('/')));
    const keys = [...read('config/deploy/kubernetes.md').matchAll(/--from-file=([\w-]+)=/g)].map(([, key]) => key);
    expect(asked.map((path) => path.slice(path.lastIndexOf('/') + 1)).filter((key) => !keys.includes(key))).toEqual([]);
  });

  test('there is time to end, and nothing runs as root or writes', () => {
    expect(Number(at(pod, 'terminationGracePeriodSeconds'))).toBeGreaterThan(
      seconds(env['DRAIN_DELAY']) + usualTimeout + grace,
    );
    const { periodSeconds, failureThreshold } = at(container, 'readinessProbe') as Record<string, number>;
    expect(seconds(env['DRAIN_DELAY'])).toBeGreaterThan(2 * (periodSeconds ?? 9) * (failureThreshold ?? 9));
    expect(read('Dockerfile')).toContain(`USER ${String(at(pod, 'securityContext', 'runAsUser'))}:`);
    expect(at(container, 'securityContext')).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    });
    expect(at(deployment, 'spec', 'strategy', 'rollingUpdate')).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  });
});

describe('in compose', () => {
  const services = at(parse(read('config/compose.yaml')), 'services') as Record<string, Tree>;

  test('what is waited for is there, and can tell that it is well', () => {
    const waits = Object.entries(services).flatMap(([name, service]) =>
      Object.entries((service['depends_on'] ?? {}) as Tree).map(([other, how]) => [name, other, at(how, 'condition')]),
    );

    expect(waits).toHaveLength(3);
    for (const [, other, condition] of waits) {
      expect(condition).toBe('service_healthy');
      const service = services[String(other)] ?? {};
      // The image of the bridge looks after itself.
      expect(service['healthcheck'] !== undefined || service['entrypoint'] === undefined).toBe(true);
    }
  });

  test('the bridge is told settings there are, and has time to end', () => {
    const { environment, stop_grace_period: time } = services['bridge'] ?? {};
    const names = Object.keys(environment as Tree).filter((name) => !name.startsWith('DEMO_'));

    expect(names.filter((name) => !settings.includes(name))).toEqual([]);
    expect(seconds(time)).toBeGreaterThan(seconds(imageEnv['DRAIN_DELAY']) + usualTimeout + grace);
  });

  test('the balancer asks as many bridges as there are, where they listen', () => {
    const [, count, service, port, admin] =
      /server-template bridge (\d+) (\w+):(\d+) check port (\d+)/.exec(read('config/deploy/haproxy.cfg')) ?? [];
    const { settings: set } = readSettings({}) as { settings: { PORT: number; ADMIN_PORT: number } };

    expect(Number(count)).toBe(at(services['bridge'], 'deploy', 'replicas'));
    expect(Object.keys(services)).toContain(service);
    expect([port, admin]).toEqual([String(set.PORT), String(set.ADMIN_PORT)]);
    expect(list(services['balancer']?.['volumes']).join()).toContain('./deploy/haproxy.cfg:');
  });
});

describe('the image', () => {
  test('says the version of the package, and knows its settings', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };

    expect(read('Dockerfile')).toContain(`ARG VERSION=${version} `);
    const [, shipped] = /^SHIPPED_NODE=(.*)$/m.exec(read('.ci/run')) ?? [];
    expect(read('Dockerfile')).toMatch(/^ARG NODE=node:\S+@sha256:[0-9a-f]{64}$/m);
    expect(read('Dockerfile')).toContain(`ARG NODE=node:${shipped ?? ''}-`);
    expect(at(kustomization, 'images', 0, 'newTag')).toBe(version);
    expect(Object.keys(imageEnv).filter((name) => !settings.includes(name))).toEqual([]);
  });
});
