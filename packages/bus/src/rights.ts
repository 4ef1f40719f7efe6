import type { Topology, UserDefinition } from './topology.js';
import { ParallaxError } from '@parallax/types';
import { coveredByAny, covers } from './subject-match.js';

/** What one user may do; without a user (a process's own bus) everything. */
export class Rights {
  private readonly publishable: readonly string[];
  private readonly known = new Map<string, boolean>();

  constructor(readonly user: UserDefinition | null) {
    // An append is a publish that is answered: the server cannot tell them apart, so neither does this.
    this.publishable = user === null ? ['>'] : [...user.publish, ...user.append];
  }

  mayPublish(subject: string): boolean {
    if (this.user === null) return true;
    let allowed = this.known.get(subject);
    if (allowed === undefined) {
      allowed = coveredByAny(this.publishable, subject);
      if (this.known.size >= 65_536) this.known.clear();
      this.known.set(subject, allowed);
    }
    return allowed;
  }

  maySubscribe(pattern: string): boolean {
    return this.user === null || coveredByAny(this.user.subscribe, pattern);
  }

  mayConsume(stream: string, consumer: string): boolean {
    return this.user === null || this.user.consumers.some((own) => own.stream === stream && own.consumer === consumer);
  }

  mayReadStream(stream: string): boolean {
    return this.user === null || this.user.readStreams.includes(stream);
  }

  mayReadState(bucket: string): boolean {
    return this.user === null || this.user.readBuckets.includes(bucket);
  }

  mayWriteState(bucket: string, key: string): boolean {
    return (
      this.user === null || this.user.writeBuckets.some((own) => own.bucket === bucket && covers(own.keys, key))
    );
  }
}

/** @throws ParallaxError `CONFIG_REFUSED` for a user that the topology does not name. */
export function userOf(topology: Topology, name: string): UserDefinition {
  const user = topology.users.find((candidate) => candidate.name === name);
  if (user === undefined) throw new ParallaxError('CONFIG_REFUSED', `the topology has no user "${name}"`);
  return user;
}
