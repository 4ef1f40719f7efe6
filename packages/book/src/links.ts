import type { InBand, JoinRule, RestBridge } from './join-rule.js';

/** The ids of an update, by which it hangs on the one before. */
export interface UpdateIds {
  readonly firstId: number;
  readonly lastId: number;
  readonly previousId: number;
}

interface LastIds {
  readonly lastId: number;
  readonly previousId?: number;
}

/** How an update stands to the book's last id; `reset`: it hangs on it, and the venue counts anew from there. */
export type Link = 'linked' | 'old' | 'gap' | 'reset';

/** The first update after a REST snapshot with id `local` (see {@link RestBridge.firstLink}, {@link InBand.bridge}). */
export function firstBridgeLink(rule: RestBridge | InBand, update: UpdateIds, local: number): Link {
  if (rule.kind === 'in-band') {
    if (update.lastId <= local) return 'old';
    return update.previousId <= local ? 'linked' : 'gap';
  }
  if (rule.firstLink === 'covers-next') {
    if (update.lastId <= local) return 'old';
    return update.firstId <= local + 1 ? 'linked' : 'gap';
  }
  if (update.lastId < local) return 'old';
  return update.firstId <= local || update.previousId === local ? 'linked' : 'gap';
}

/**
 * An update of a synced book. The same one again is ignored; any other that does not hang on the last is a gap, even if
 * its ids are lower: a wrong high id, once believed, would otherwise make everything behind it look old. A contiguous
 * chain may overlap: sizes are absolute, so that what is told twice stays right.
 */
export function bridgeLink(rule: RestBridge, update: UpdateIds, local: number): Link {
  if (update.lastId === local) return 'old';
  if (rule.link === 'previous') return update.previousId === local ? 'linked' : 'gap';
  return update.firstId <= local + 1 && update.lastId > local ? 'linked' : 'gap';
}

/**
 * An update after an in-band snapshot. Ids are checked where the frame carries them (a dialect without them leans on its
 * checksum). With `allowReset` last = previous is a keep-alive and last < previous a reset of the venue's counter.
 */
export function inBandLink(rule: InBand, update: UpdateIds, local: number): Link {
  if (rule.link === 'none') return 'linked';
  const carriesIds = hasIds(update);
  // A book that was chained must stay so: ids that vanish are as bad as ids that jump.
  if (!carriesIds) return local === 0 ? 'linked' : 'gap';
  if (rule.link === 'contiguous') return update.firstId === local + 1 ? 'linked' : 'gap';
  if (update.previousId !== local) return 'gap';
  if (update.lastId > update.previousId) return 'linked';
  if (!rule.allowReset) return 'gap';
  return update.lastId === update.previousId ? 'linked' : 'reset';
}

/** How an update stands to a book; `awaitingFirst`: its last id is a REST snapshot's, and no update has followed that yet. */
export function linkOf(rule: JoinRule, update: UpdateIds, lastId: number, awaitingFirst: boolean): Link {
  if (awaitingFirst && isBridged(rule)) return firstBridgeLink(rule, update, lastId);
  if (rule.kind === 'rest-bridge') return bridgeLink(rule, update, lastId);
  return rule.kind === 'in-band' ? inBandLink(rule, update, lastId) : 'linked';
}

/** Whether the oldest update that waits and that a REST snapshot does not contain hangs on it. */
export function bridges(rule: JoinRule, waiting: readonly UpdateIds[], snapshotId: number): boolean {
  if (!isBridged(rule)) return true;
  for (const update of waiting) {
    const link = firstBridgeLink(rule, update, snapshotId);
    if (link !== 'old') return link === 'linked';
  }
  return true;
}

const hasIds = ({ lastId, previousId = 0 }: LastIds): boolean => lastId !== 0 || previousId !== 0;

/** Whether an update that linked proves by its ids that it follows the one before; or whether a book stands in such a chain. */
export function isChained(rule: JoinRule, ids: LastIds): boolean {
  return rule.kind === 'rest-bridge' || (rule.kind === 'in-band' && rule.link !== 'none' && hasIds(ids));
}

/** Whether a snapshot may come by REST, which updates before and after it must then bridge. */
export function isBridged(rule: JoinRule): rule is RestBridge | InBand {
  return rule.kind === 'rest-bridge' || (rule.kind === 'in-band' && rule.bridge !== undefined);
}

/** Whether the venue's updates show by ids that none was lost before them. */
export function provesItself(rule: JoinRule): boolean {
  return rule.kind !== 'in-band' || rule.link !== 'none';
}
