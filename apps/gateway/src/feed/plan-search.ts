import type { DurableStreams } from '@parallax/bus';
import { decodeJson, fillSchema, planResultSchema, STREAMS } from '@parallax/wire';
import type { GatewayCore } from '../core/gateway-core.js';
import { readBackwards } from './backwards.js';

/** Which plans there are: a plan is called by its intent. */
export class PlanSearch {
  constructor(
    private readonly core: GatewayCore,
    private readonly streams: DurableStreams,
  ) {}

  /**
   * Whether anything of the account was done by this plan. What is not in memory is looked for in the streams, as far back as they
   * go: a person's word must not be refused for its age. @throws ParallaxError where they cannot be read.
   */
  async has(plan: string, account: string): Promise<boolean> {
    const verdict = this.core.collections.verdict.get(plan);
    if (verdict?.kind === 'approved') return verdict.account === account;
    const isOf = (one: { intentId: string; account: string }): boolean => one.intentId === plan && one.account === account;
    return await this.holds(STREAMS.results, (bytes) => isOf(decodeJson(planResultSchema, bytes)))
      || await this.holds(STREAMS.fills, (bytes) => isOf(decodeJson(fillSchema, bytes)));
  }

  private async holds(stream: string, isWanted: (bytes: Uint8Array) => boolean): Promise<boolean> {
    for await (const { bytes } of readBackwards(this.streams, stream)) {
      try {
        if (isWanted(bytes)) return true;
      } catch {
        // What cannot be read is no word of this plan; who reads the stream for its own sake tells of it.
      }
    }
    return false;
  }
}
