import { RegimeDetector } from '@parallax/regime';
import { followInstruments, healthOf, MarketFeed, repeat, type Service, type ServiceContext } from '@parallax/runtime';
import { InstrumentTable, type RegimeEvent, type ServiceHealth } from '@parallax/types';
import { encodeJson, subjects } from '@parallax/wire';

const WAKE_MS = 100;
const HEALTH_MS = 1_000;

/** The shell of regime detection: quotes in, regime events into the stream of signals. */
export class RegimeService implements Service {
  readonly name = 'regime' as const;
  private readonly instruments = new InstrumentTable();
  private readonly detector: RegimeDetector;
  private readonly stops: (() => void)[] = [];
  private startedAtUs = 0;
  private quotes = 0;
  private events = 0;
  private failed = 0;

  constructor(private readonly context: ServiceContext) {
    this.detector = new RegimeDetector(this.instruments, { onRegime: (event) => this.publish(event) });
  }

  async start(): Promise<void> {
    const { bus, clock, timers, log } = this.context;
    this.startedAtUs = clock.nowUs();
    this.stops.push(await followInstruments(bus, this.instruments, log));
    const quotes = new MarketFeed(bus, this.instruments).quotes((instrument, row) => {
      this.quotes++;
      this.detector.onQuote(instrument, row, clock.nowUs());
    });
    this.stops.push(
      () => quotes.unsubscribe(),
      repeat(timers, WAKE_MS, () => {
        if (clock.nowUs() >= this.detector.wakeAtUs) this.detector.onWake(clock.nowUs());
      }),
      repeat(timers, HEALTH_MS, () => bus.publish(subjects.serviceHealth(this.name), encodeJson(this.health()))),
    );
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    await this.context.bus.flush();
  }

  /** Ready once quotes come. */
  health(): ServiceHealth {
    const { quotes, events, failed } = this;
    const missing = quotes > 0 ? [] : ['no quote has come yet'];
    return healthOf(this.name, this.context, this.startedAtUs, missing, { quotes, events, failed });
  }

  private publish(event: RegimeEvent): void {
    this.events++;
    const id = `${event.venue}.${event.symbol}.${event.horizon}.${event.atUs}.${event.regime}`;
    this.context.bus.streams.append(subjects.regime(event.base, event.symbol), encodeJson(event), { id }).catch((error: Error) => {
      this.failed++;
      this.context.log.error('a regime event could not be stored', { error: error.message });
    });
  }
}
