import type { InstrumentSpecification } from '@parallax/types';
import { channelsOf, type Answered, type HeardSink, type Refusal, type VenueDefinition } from '../../src/index.js';

/** What a venue's listener tells of frames, as text: `data depth BTC/USD`, `beat`, `acknowledged 3 - -`, `refused 3 depth BTC/USD rate: …`. */
export function hearingOf(definition: VenueDefinition, instruments: readonly InstrumentSpecification[]) {
  const told: string[] = [];
  const channels = channelsOf({ instruments, feeds: definition.feeds });
  const symbolOf = (venueSymbol: string | null): string =>
    instruments.find((one) => one.venueSymbol === venueSymbol)?.symbol ?? venueSymbol ?? '-';
  const of = ({ id, feed, venueSymbol }: Answered): string => `${id ?? '-'} ${feed ?? '-'} ${symbolOf(venueSymbol)}`;
  const sink: HeardSink = {
    onData: (number) => void told.push(`data ${channels[number].feed} ${channels[number].instrument.symbol}`),
    onBeat: () => void told.push('beat'),
    onAcknowledged: (answered) => void told.push(`acknowledged ${of(answered)}`),
    onRefused: (answered, { kind, reason }: Refusal) => void told.push(`refused ${of(answered)} ${kind}: ${reason}`),
  };
  const listener = definition.stream.listen(sink);
  channels.forEach((channel, number) => listener.add(channel, number));
  return {
    /** What the frame told. */
    hear(frame: string | Uint8Array): string[] {
      listener.hear(typeof frame === 'string' ? new TextEncoder().encode(frame) : frame);
      return told.splice(0);
    },
  };
}
