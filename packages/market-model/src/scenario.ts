import { ParallaxError } from '@parallax/types';
import { z } from 'zod';

const decimal = z.string().regex(/^\d+(\.\d+)?$/, 'a decimal number as text');
const positive = z.number().positive().finite();
const fromZero = z.number().min(0).finite();
const integer = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const PHASE_NAMES = ['calm', 'trending', 'violent', 'crash', 'pump'] as const;
const phaseName = z.enum(PHASE_NAMES);

/** How the market behaves in a phase. Basis points are of the price. */
const behaviour = z.strictObject({
  /** Standard deviation of the price over one second, in basis points. */
  volatilityBps: fromZero,
  /** Drift per second in basis points; its sign is the phase's direction (crash down, pump up). */
  driftBps: fromZero,
  spreadFactor: positive,
  tradeFactor: fromZero,
  depthFactor: positive,
});

const phase = z.strictObject({
  name: phaseName,
  seconds: positive,
  /** Absent: chosen by the seed; crash is always down and pump always up. */
  direction: z.enum(['up', 'down']).optional(),
  /** Assets it concerns; the others are calm meanwhile. Absent: all. */
  assets: z.array(z.string()).optional(),
});

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), phases: z.array(phase).min(1), repeat: z.boolean().default(true) }),
  z.strictObject({
    kind: z.literal('seeded'),
    /** Weights by which the next phase is drawn, and how long each lasts. */
    phases: z.array(z.strictObject({ name: phaseName, weight: positive, fromSeconds: positive, toSeconds: positive })).min(1),
  }),
]);

const asset = z.strictObject({
  asset: z.string().min(1),
  /** In US dollars at the start. */
  price: decimal,
  /** Multiplies volatility and drift of the phase. */
  volatilityFactor: fromZero.default(1),
  /** Share of its moves that it has in common with the other assets, 0 to 1. */
  correlation: z.number().min(0).max(1).default(0.8),
});

const reverting = z.strictObject({ meanBps: z.number().default(0), deviationBps: fromZero, halfLifeSeconds: positive });

/** Now and then a venue comes off the market by so much, and comes back by halves: where edges beyond fees come from. */
const dislocation = z.strictObject({
  perMinute: fromZero,
  /**
   * Share of them that goes the other way than the one before: who bought in a rush sells again, so that what was bought where
   * it was cheap finds a buyer there. 0.5 is the toss of a coin.
   */
  turning: z.number().min(0).max(1).default(0.5),
  fromBps: fromZero,
  toBps: fromZero,
  halfLifeSeconds: positive,
});

const instrument = z.strictObject({
  symbol: z.string().min(1),
  venueSymbol: z.string().min(1),
  base: z.string().min(1),
  quote: z.string().min(1),
  kind: z.enum(['spot', 'swap']).default('spot'),
  /** Base units in one unit of size. Linear contracts only. */
  contractSize: decimal.default('1'),
  priceScale: z.number().int().min(0).max(12),
  sizeScale: z.number().int().min(0).max(12),
  /** Integers at the scales above. */
  priceStep: integer,
  sizeStep: integer,
  minimumSize: integer,
  minimumNotional: decimal.default('0'),
  /** Perpetuals: premium over the spot price. */
  basis: reverting.optional(),
  /** Multiplies the venue's trade and book activity. */
  activity: positive.default(1),
});

const venue = z.strictObject({
  venue: z.string().min(1),
  /** How often book changes go out; a whole multiple of the scenario's step. */
  depthIntervalMs: integer,
  /** The venue's own distance from the market. */
  offset: reverting,
  dislocation,
  spreadBps: positive,
  /** Levels kept on each side. */
  levels: z.number().int().min(5).max(2000),
  levelSpacingBps: positive,
  /** Value of a level near the top, in US dollars. */
  levelNotional: positive,
  tradesPerSecond: fromZero,
  /** Typical value of a trade, in US dollars. */
  tradeNotional: positive,
  /** Level changes a second and instrument besides those that price moves cause. */
  churnPerSecond: fromZero,
  instruments: z.array(instrument).min(1),
});

export const FAULT_KINDS = [
  'disconnect', 'gap', 'wrong-checksum', 'silence', 'garbage', 'stale-snapshot', 'mute', 'mute-new', 'forget', 'refuse',
] as const;

/** One fault, put in by the simulator on the way out: the market behind it stays whole. */
export const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  venue: z.string().min(1),
  /** Unified symbol; absent: all symbols, or the whole connection. */
  symbol: z.string().optional(),
  /**
   * gap, wrong-checksum, garbage: how many messages of each open connection; stale-snapshot: how many answers; mute-new: how many
   * connections; refuse: how many channels.
   */
  count: z.number().int().positive().max(100_000).default(1),
  /** silence, mute, mute-new: how long; stale-snapshot: how old the snapshot is. */
  seconds: positive.max(86_400).default(10),
});

export const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  seed: z.string().min(1),
  stepMs: integer,
  assets: z.array(asset).min(1),
  behaviours: z.strictObject({
    calm: behaviour, trending: behaviour, violent: behaviour, crash: behaviour, pump: behaviour,
  }),
  schedule,
  venues: z.array(venue).min(1),
  /** Faults by time since the start. */
  faults: z.array(faultSchema.extend({ atSeconds: fromZero })).default([]),
}).superRefine((value, context) => {
  const assets = new Set(value.assets.map((each) => each.asset));
  value.venues.forEach((each, v) => {
    if (each.depthIntervalMs % value.stepMs !== 0) {
      context.addIssue({ code: 'custom', path: ['venues', v, 'depthIntervalMs'],
        message: `must be a multiple of stepMs (${value.stepMs})` });
    }
    each.instruments.forEach((traded, i) => {
      for (const field of ['base', 'quote'] as const) {
        if (traded[field] === 'USD' || assets.has(traded[field])) continue;
        context.addIssue({ code: 'custom', path: ['venues', v, 'instruments', i, field],
          message: `"${traded[field]}" is neither USD nor one of the scenario's assets` });
      }
    });
  });
});

export type PhaseName = z.infer<typeof phaseName>;
export type Behaviour = z.infer<typeof behaviour>;
export type Schedule = z.infer<typeof schedule>;
export type AssetScenario = z.infer<typeof asset>;
export type Reverting = z.infer<typeof reverting>;
export type Dislocation = z.infer<typeof dislocation>;
export type InstrumentScenario = z.infer<typeof instrument>;
export type VenueScenario = z.infer<typeof venue>;
export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];
export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;

/**
 * Checks a scenario from a file or from code and fills in what it leaves out.
 * @throws ParallaxError `CONFIG_REFUSED` with the path of the first fault as `place`.
 */
export function parseScenario(input: unknown): Scenario {
  return parseWith(scenarioSchema, input, 'scenario');
}

/** @throws ParallaxError `CONFIG_REFUSED` with the path of the first fault as `place`. */
export function parseFault(input: unknown): Fault {
  return parseWith(faultSchema, input, 'fault');
}

function parseWith<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue.path.map(String).join('.') || what;
  throw new ParallaxError('CONFIG_REFUSED', `${what}: ${place}: ${issue.message}`, { place });
}
