import { decodeReply, type Bus } from '@parallax/bus';
import { ParallaxError, type KeyframeRequest } from '@parallax/types';
import { encodeJson, isRowPart, RowAssembler, subjects } from '@parallax/wire';

/** The first byte of a JSON object; a row never begins with it. */
const BRACE = 0x7b;

/**
 * Asks a book's writer for its newest keyframe, and gives the row's bytes. One that is larger than a message comes part by
 * part, each asked for by itself and awaited for `timeoutMs`.
 * @throws ParallaxError what the writer answers instead, `INSTRUMENT_UNKNOWN` for a book that it does not keep, or
 * `BUS_NO_RESPONDER`, `BUS_TIMEOUT`.
 */
export async function askKeyframe(bus: Bus, venue: string, request: Omit<KeyframeRequest, 'next'>, timeoutMs: number): Promise<Uint8Array> {
  const ask = async (asked: KeyframeRequest): Promise<Uint8Array> => {
    const { bytes } = await bus.request(subjects.keyframe(venue), encodeJson(asked), { timeoutMs });
    if (bytes[0] === BRACE) decodeReply(bytes);
    return bytes;
  };
  const first = await ask(request);
  if (!isRowPart(first)) return first;
  const assembler = new RowAssembler();
  let whole = assembler.take(first);
  const { parts, of } = assembler.last;
  for (let part = 1; whole === null && part < parts; part++) whole = assembler.take(await ask({ ...request, next: { of, part } }));
  if (whole === null) throw new ParallaxError('INPUT_REFUSED', `the keyframe of ${venue} ${request.symbol} does not come whole`, { venue });
  return whole;
}
