import { spawn } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeWith, until } from '@parallax/testing';
import type { PlaceOutcome, ServiceHealth } from '@parallax/types';
import { subjects } from '@parallax/wire';
import { VENUE, VenueClient } from './paper-stand.js';
import { VenuesOnNats } from './venues-on-nats.js';

const VENUES = [VENUE, 'kraken'];
/** So large may a file of the process become, in kibibytes: a journal of some thirty orders. */
const LARGEST_KIB = 24;

describeWith('nats-server', 'a journal that cannot grow any more', () => {
  let stand: VenuesOnNats;
  beforeEach(async () => {
    stand = await VenuesOnNats.open(VENUES);
  });
  afterEach(() => stand.close());

  test('its venue takes nothing more and says why, the others go on, and a restart knows what was told', async () => {
    const client = await VenueClient.open(await stand.as('execution'));
    const healths: ServiceHealth[] = [];
    (await stand.as('monitoring')).subscribe(subjects.serviceHealth('paper'), ({ bytes }) => healths.push(JSON.parse(Buffer.from(bytes).toString())));
    // A real limit of the system: what goes beyond it fails as on a disk that is full.
    const limited = `ulimit -f ${LARGEST_KIB}; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', limited, process.execPath, ...stand.commandLine(stand.folder, VENUES)], { stdio: 'ignore' });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const accepted: string[] = [];
    const unanswered: string[] = [];
    try {
      let count = 0;
      let refusal: PlaceOutcome & { kind: 'rejected' } | null = null;
      while (refusal === null) {
        const clientId = `order${count++}`;
        const outcome = await client.place({ clientId }, 2_000).catch(() => null);
        if (outcome?.kind === 'accepted') accepted.push(clientId);
        else if (accepted.length > 0 && outcome === null) unanswered.push(clientId);
        else if (outcome?.kind === 'rejected' && outcome.code !== 'MARKET_UNKNOWN') refusal = outcome;
        if (accepted.length > 1_000) throw new Error('it still works after a thousand orders');
      }
      expect(refusal).toMatchObject({ code: 'JOURNAL_FAILED', detail: expect.stringMatching(/paper-okx\.journal cannot be written: EFBIG/) });
      // Of what it may or may not have written it knows nothing now.
      for (const clientId of [accepted[0], ...unanswered, 'never sent']) expect(await client.order(clientId)).toMatchObject({ kind: 'unknown' });
      expect(await client.place({ clientId: unanswered[0] })).toMatchObject({ kind: 'unknown' });
      const health = await until(() => healths.find(({ troubles }) => troubles !== undefined));
      expect(health).toMatchObject({
        ready: false, missing: [expect.stringMatching(/no orders are taken at okx: the journal .*paper-okx\.journal cannot be written: EFBIG/)],
        troubles: [{ key: 'journal.okx', severity: 'critical', summary: expect.stringContaining('EFBIG') }],
      });
      await until(async () => (await client.place({ clientId: `kraken${count++}`, venue: 'kraken' })).kind === 'accepted');
    } finally {
      child.kill('SIGKILL');
      await gone;
    }
    const again = spawn(process.execPath, stand.commandLine(stand.folder, VENUES), { stdio: 'ignore' });
    const ended = new Promise((resolve) => again.once('exit', resolve));
    try {
      const fateOf = (clientId: string): Promise<string> => until(async () => (await client.order(clientId, 2_000).catch(() => null))?.kind);
      for (const clientId of accepted) expect([clientId, await fateOf(clientId)]).toEqual([clientId, 'found']);
      for (const clientId of unanswered) expect(['found', 'notFound']).toContain(await fateOf(clientId));
      expect(await fateOf('never sent')).toBe('notFound');
      await until(async () => (await client.place({ clientId: 'afterwards' })).kind === 'accepted');
    } finally {
      again.kill('SIGKILL');
      await ended;
    }
  });
});
