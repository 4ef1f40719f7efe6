import type { RefusedOutcome, VenueCancelRequest } from '@parallax/types';
import type { JournalRecord } from './journal.js';

type EpochRecord = Extract<JournalRecord, { kind: 'epoch' }>;

/** Who may still speak for an account: the newest lease epoch that was heard, of this venue's own bus. */
export class EpochGuard {
  private readonly newest = new Map<string, number>();

  /** `identity` is that of the bus by which requests come. */
  constructor(private readonly identity: string) {}

  /** Takes back what the journal holds; epochs of another bus bind nobody here. */
  restore({ account, epoch, grantedBy }: EpochRecord): void {
    if (grantedBy === this.identity) this.newest.set(account, epoch);
  }

  /** Null, or why the sender may not speak; `onNewer` is told an epoch that nobody was heard under before. */
  refusalOf({ account, epoch, grantedBy }: Pick<VenueCancelRequest, 'account' | 'epoch' | 'grantedBy'>, onNewer: (record: EpochRecord) => void): RefusedOutcome | null {
    if (grantedBy !== this.identity) {
      const detail = `the sender's lease was granted by the bus ${grantedBy}, and this venue is on the bus ${this.identity}: restart the sender on this bus`;
      return { kind: 'rejected', code: 'EPOCH_FOREIGN', detail };
    }
    const newest = this.newest.get(account) ?? 0;
    if (epoch < newest) return { kind: 'rejected', code: 'EPOCH_TOO_OLD', detail: `epoch ${epoch} ended, ${newest} holds` };
    if (epoch > newest) {
      this.newest.set(account, epoch);
      onNewer({ kind: 'epoch', account, epoch, grantedBy });
    }
    return null;
  }
}
