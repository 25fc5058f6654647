// Fetches the ONNX Runtime sources and native libraries that the project beside this file compiles and copies.
// Usage: node fetch.mjs [--cuda]. Run by the build itself. Builds may run in parallel: the first takes the lock, the others wait for it.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const here = dirname(fileURLToPath(import.meta.url));
const cuda = process.argv.includes('--cuda');
const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const source = 'com.github.asus4.onnxruntime';
const gpu = `${source}.linux-x64-gpu`;
const stamp = join(here, 'node_modules', `.fetched-${dependencies[source]}${cuda ? '-cuda' : ''}`);
const lock = join(here, '.fetch.lock');
const waitLimitMs = 10 * 60_000;

function holderIsAlive() {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!pid) return Date.now() - statSync(lock).mtimeMs < 5_000; // just made, not written yet
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function takeLock() {
  for (const start = Date.now(); ;) {
    try {
      const file = openSync(lock, 'wx');
      writeFileSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!holderIsAlive()) rmSync(lock, { force: true });
    else if (Date.now() - start > waitLimitMs) throw new Error(`another build has held ${lock} for ${waitLimitMs / 60_000} minutes`);
    else await sleep(250);
  }
}

function fetchPackages() {
  // A cuda fetch keeps what a plain one brought, and a plain build after a cuda one must not throw the provider away.
  const args = ['ci', ...(cuda || existsSync(join(here, 'node_modules', gpu)) ? ['--include=optional'] : ['--omit=optional'])];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, args, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  if (run.error?.code === 'ENOENT') throw new Error('npm is not on the PATH; install Node.js with npm, or build with -p:OfficialPackages=true');
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`npm ${args.join(' ')} failed with exit code ${run.status}; is the npm registry reachable?`);
  if (cuda && !existsSync(join(here, 'node_modules', gpu))) throw new Error(`npm did not bring ${gpu}; is the npm registry reachable?`);
  // Of 385 MB only the desktop libraries are ever copied.
  for (const platform of ['Android', 'iOS~', 'macOS', join('Windows', 'arm64')]) {
    rmSync(join(here, 'node_modules', source, 'Plugins', platform), { recursive: true, force: true });
  }
  writeFileSync(stamp, '');
}

if (!existsSync(stamp)) {
  try {
    await takeLock();
    try {
      if (!existsSync(stamp)) fetchPackages();
    } finally {
      rmSync(lock, { force: true });
    }
  } catch (error) {
    console.error(`ONNX Runtime could not be fetched: ${error.message}`);
    process.exit(1);
  }
}
