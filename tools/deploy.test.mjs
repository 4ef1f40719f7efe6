/** deploy/, docker-compose.yml and k8s/ hold what the code says: users, services, variables; and their tools take them. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromSource } from './from-source.mjs';
import { haveKubernetesValidate, kubernetesFaults } from './kubernetes-validate.mjs';
import { run } from './servers/run.mjs';
import { ROOT } from './setup.mjs';
import { NATS_CONFIGURATIONS, natsConfigurationText } from './write-nats-configuration.mjs';

const inCi = process.env.CI === 'true';
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** Skips with the reason, or fails where nothing may be left out. */
function leaveOut(t, sentence) {
  if (inCi) assert.fail(sentence);
  t.skip(sentence);
}

const told = JSON.parse(fromSource(`
  import { passwordVariable, PROVISIONER } from '@parallax/bus';
  import { VARIABLES } from '@parallax/config';
  import { TOPOLOGY } from '@parallax/wire';
  import { runnableNames } from './src/run/services.ts';
  const passwords = [PROVISIONER, ...TOPOLOGY.users.map(({ name }) => name)].map(passwordVariable);
  process.stdout.write(JSON.stringify({ services: runnableNames(), passwords, variables: Object.keys(VARIABLES) }));
`));

/** Documents of a stream of manifests as kustomize prints them: block style, two blanks a level. */
const documents = (text) => text.split(/^---$/m).map((one) => ({
  kind: /^kind: (\w+)$/m.exec(one)?.[1],
  name: /^metadata:\n(?: {2}.*\n)*? {2}name: (\S+)$/m.exec(one)?.[1],
  text: one,
}));

test('nats.conf is what the topology says, and the server takes it', (t) => {
  const text = natsConfigurationText();
  for (const path of NATS_CONFIGURATIONS) assert.equal(read(path), text, `${path} is old: node tools/write-nats-configuration.mjs`);
  const server = process.env.PARALLAX_TEST_NATS_SERVER;
  if (!server || !existsSync(server)) return leaveOut(t, 'nats-server is missing: that it takes nats.conf is not tested');
  const env = { ...process.env, ...Object.fromEntries(told.passwords.map((name) => [name, 'p1'])) };
  const result = run(server, ['-t', '-c', join(ROOT, NATS_CONFIGURATIONS[0])], { env });
  assert.equal(result.code, 0, result.error);
});

test('compose starts every service with its own password, and names no unknown variable', () => {
  const text = read('docker-compose.yml');
  for (const service of told.services) assert.match(text, new RegExp(`^ {2}${service}:\\n(?: {4}.*\\n)*? {4}command: \\[run, ${service}[,\\]]`, 'm'));
  for (const name of told.passwords) assert.equal(text.split(`${name}: $`).length - 1, 2, `${name}: once for the server, once for its user`);
  // Each is asked at its port of probes, the gateway too.
  const port = /SERVICE_PORT: "(\d+)"/.exec(text)[1];
  assert.equal(text.split('healthcheck: *probe\n').length, told.services.length);
  assert.ok(text.includes(`http://127.0.0.1:${port}/healthz`));
  for (const [, name] of text.matchAll(/^ {2,6}([A-Z][A-Z_]+):/gm)) assert.ok(told.variables.includes(name), `${name} is no variable of ours`);
});

test('docker-compose takes docker-compose.yml', (t) => {
  const ways = [['docker', 'compose'], ['docker-compose']];
  const way = ways.find(([command, ...rest]) => run(command, [...rest, 'version']).code === 0);
  // Reading the file is all that can be done without a daemon; where even the client is missing, in CI too, it is said.
  if (!way) return t.skip('docker compose is not installed: its reading of docker-compose.yml is not tested');
  const env = { ...process.env, PARALLAX_API_KEY: 'p1', ...Object.fromEntries(told.passwords.map((name) => [name, 'p1'])) };
  const result = run(way[0], [...way.slice(1), '-f', join(ROOT, 'docker-compose.yml'), 'config', '-q'], { env });
  assert.equal(result.code, 0, result.error);
});

test('k8s/base builds, fits the strict schemas, and runs every service as nobody, on a root that cannot be written', async (t) => {
  const built = run('kubectl', ['kustomize', join(ROOT, 'k8s', 'base')]);
  if (built.code === 127) return t.skip('kubectl is not installed: k8s/base is not tested');
  assert.equal(built.code, 0, built.error);
  const all = documents(built.out);
  const deployments = all.filter(({ kind }) => kind === 'Deployment');
  for (const service of told.services) {
    const found = deployments.find(({ name }) => name === service);
    assert.ok(found, `no Deployment for ${service}`);
    assert.match(found.text, new RegExp(`- run\\n +- ${service}\\n`));
    if (service === 'simulator') continue;
    // Probes and scrapers have a port of their own, as SERVICE_PORT says; the public one tells no numbers.
    const port = /SERVICE_PORT: "(\d+)"/.exec(built.out)[1];
    assert.match(found.text, new RegExp(`- containerPort: ${port}\\n +name: probes\\n`));
    assert.deepEqual([...found.text.matchAll(/httpGet:\n +path: \S+\n +port: (\S+)/g)].map(([, name]) => name), ['probes', 'probes', 'probes']);
    for (const line of ['prometheus.io/scrape: "true"', `prometheus.io/port: "${port}"`]) assert.ok(found.text.includes(line), `${service} lacks ${line}`);
  }
  for (const { kind, name, text } of all.filter((one) => ['Deployment', 'StatefulSet', 'Job'].includes(one.kind))) {
    const wanted = ['runAsNonRoot: true', 'readOnlyRootFilesystem: true', 'allowPrivilegeEscalation: false', 'limits:', 'requests:'];
    if (kind !== 'Job') wanted.push('readinessProbe:', 'livenessProbe:');
    for (const one of wanted) assert.ok(text.includes(one), `${kind} ${name} lacks ${one}`);
  }
  // Who writes alone ends before the next one starts; who stands by is there before another ends.
  for (const name of [...told.services, 'simulator']) {
    const [, strategy, type] = /^ {2}strategy:\n((?: {4}.*\n)*? {4}type: (\w+)\n)/m.exec(deployments.find((one) => one.name === name).text) ?? [];
    const standsBy = ['risk', 'execution'].includes(name);
    assert.equal(type, standsBy ? 'RollingUpdate' : 'Recreate', `the update of ${name}`);
    if (standsBy) assert.match(strategy, /maxUnavailable: 0/);
  }
  const used = new Set([...built.out.matchAll(/key: ([A-Z_]+)$/gm)].map(([, name]) => name));
  assert.deepEqual([...used].toSorted(), [...told.passwords, 'PARALLAX_API_KEY'].toSorted());
  assert.ok(!/^kind: Secret$/m.test(built.out), 'secrets are named, never carried');

  await t.test('strict schemas', (inner) => {
    if (!haveKubernetesValidate({ fetch: inCi })) {
      return leaveOut(inner, 'kubernetes-validate is missing (Python with pip gets it when CI=true): the schemas of k8s/base are not tested');
    }
    const folder = mkdtempSync(join(tmpdir(), 'parallax-k8s-'));
    try {
      const file = join(folder, 'base.yaml');
      writeFileSync(file, built.out);
      assert.equal(kubernetesFaults(file), null);
      writeFileSync(file, built.out.replace('readinessProbe:', 'readynessProbe:'));
      assert.match(kubernetesFaults(file) ?? '', /readynessProbe/, 'a misspelt field must be found');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
