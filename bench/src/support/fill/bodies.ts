import type { Intent, Opportunity } from '@parallax/types';
import { decodeApproved, decodeJson, encodeJson, fillSchema, orderSchema } from '@parallax/wire';

/** How the messages of one chain are written, and how they say of which intent they are. */
export interface Bodies {
  opportunity(opportunity: Opportunity): Uint8Array;
  intent(intent: Intent): Uint8Array;
  orderOf(bytes: Uint8Array): string;
  fillOf(bytes: Uint8Array): string;
  approved(bytes: Uint8Array): { readonly intentId: string; readonly atUs: number };
}

/** Of the services: JSON, checked by its schema. */
export const SERVICE_BODIES: Bodies = {
  opportunity: encodeJson,
  intent: encodeJson,
  orderOf: (bytes) => decodeJson(orderSchema, bytes).intentId,
  fillOf: (bytes) => decodeJson(fillSchema, bytes).intentId,
  approved: (bytes) => {
    const { intent, atUs } = decodeApproved(bytes);
    return { intentId: intent.id, atUs };
  },
};

/** Of the empty hops: the intent's id, and blanks up to the length that the service's message has. */
export const HOP_BODIES: Bodies = {
  opportunity: (opportunity) => padded([opportunity.id], encodeJson(opportunity).length),
  intent: (intent) => padded([intent.id], encodeJson(intent).length),
  orderOf: (bytes) => wordsOf(bytes)[0],
  fillOf: (bytes) => wordsOf(bytes)[0],
  approved: (bytes) => {
    const [intentId, atUs] = wordsOf(bytes);
    return { intentId, atUs: Number(atUs) };
  },
};

export function padded(words: readonly (string | number)[], length: number): Uint8Array {
  const bytes = Buffer.alloc(length, ' ');
  bytes.write(`${words.join(' ')} `, 'latin1');
  return bytes;
}

/** A hop's words stand at its message's beginning; the longest are an id and a time. */
export const wordsOf = (bytes: Uint8Array): string[] => Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 160)).toString('latin1').split(' ');
