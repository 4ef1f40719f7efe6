import type { ServiceLog } from '@parallax/runtime';
import type { GatewayAnswer, GatewayWords } from './gateway-task.js';

/** Where each of the gateway's words comes from. */
export type WordSources = { readonly [Of in keyof GatewayWords]: () => GatewayWords[Of] | Promise<GatewayWords[Of]> };

/** Says one word of the gateway, and makes no other. A word that cannot be made is told as none: it must not end the worker. */
export async function answerWord(of: keyof GatewayWords, sources: WordSources, log: Pick<ServiceLog, 'error'>): Promise<GatewayAnswer> {
  try {
    return { is: of, word: await sources[of]() } as GatewayAnswer;
  } catch (error) {
    log.error(`the gateway cannot say its ${of}`, { error: String(error) });
    return { is: of, word: null };
  }
}
