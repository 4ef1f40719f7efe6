import { decodeReply, type Bus } from '@parallax/bus';
import type { SnapshotRequest } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';

/** The first byte of a JSON object; a row never begins with it. */
const BRACE = 0x7b;

/**
 * Asks a book's writer for its newest keyframe, and gives the row's bytes.
 * @throws ParallaxError what the writer answers instead, `INSTRUMENT_UNKNOWN` for a book that it does not keep, or
 * `BUS_NO_RESPONDER`, `BUS_TIMEOUT`.
 */
export async function askKeyframe(bus: Bus, venue: string, request: SnapshotRequest, timeoutMs: number): Promise<Uint8Array> {
  const { bytes } = await bus.request(subjects.keyframe(venue), encodeJson(request), { timeoutMs });
  if (bytes[0] === BRACE) decodeReply(bytes);
  return bytes;
}
