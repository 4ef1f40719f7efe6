import { ByteKeys } from './byte-keys.js';
import type { Channel, FeedName } from './channel.js';
import { TwoWayListener, type HeardSink } from './frame-listener.js';
import { Needle } from './needle.js';

const FEEDS: readonly FeedName[] = ['depth', 'trades', 'ticker'];
const BEAT = FEEDS.length;
/** Longer frames are snapshots of one symbol: they are not looked through for another. */
const SEVERAL_BYTES = 65_536;

/** How a venue's frames of market data begin. */
export interface FrameMarks {
  /** Text from the frame's first byte up to its channel's name. */
  readonly begin: string;
  /** By the channel's name as frames carry it. */
  readonly channels: Readonly<Record<string, FeedName | 'beat'>>;
  /** Text that stands before each symbol. */
  readonly symbol: string;
  /** Whether one frame may be of several symbols. */
  readonly several: boolean;
}

/** For venues whose frames name first their channel, then their symbol. */
export abstract class MarkedListener extends TwoWayListener {
  private readonly begin: Needle;
  private readonly symbol: Needle;
  private readonly several: boolean;
  private readonly channels = new ByteKeys();
  private readonly symbols = FEEDS.map(() => new ByteKeys());

  constructor(sink: HeardSink, { begin, channels, symbol, several }: FrameMarks) {
    super(sink);
    this.begin = new Needle(begin);
    this.symbol = new Needle(symbol);
    this.several = several;
    for (const [name, what] of Object.entries(channels)) this.channels.set(name, what === 'beat' ? BEAT : FEEDS.indexOf(what));
  }

  add({ instrument, feed }: Channel, number: number): void {
    this.symbols[FEEDS.indexOf(feed)].set(instrument.venueSymbol, number);
  }

  protected head(frame: Uint8Array): boolean {
    const { begin, symbol } = this;
    if (!begin.standsAt(frame, 0)) return false;
    const what = this.channels.findQuoted(frame, begin.length);
    if (what === BEAT) this.sink.onBeat();
    if (what < 0 || what === BEAT) return what === BEAT;
    let from = symbol.behind(frame, begin.length);
    if (from < 0) return false;
    const goesOn = this.several && frame.length <= SEVERAL_BYTES;
    for (let told = -1; from >= 0; from = goesOn ? symbol.behind(frame, from) : -1) {
      const number = this.symbols[what].findQuoted(frame, from);
      if (number >= 0 && number !== told) this.sink.onData((told = number));
    }
    return true;
  }

  /** Tells data of a frame that was parsed. */
  protected tell(channel: unknown, venueSymbol: unknown): void {
    const what = typeof channel === 'string' ? this.channels.findText(channel) : -1;
    if (what === BEAT) this.sink.onBeat();
    else if (what >= 0 && typeof venueSymbol === 'string') this.tellData(this.symbols[what].findText(venueSymbol));
  }
}
