import type { Check } from '../judgement.js';
import { checkBalances } from './balances.js';
import { checkCooldown } from './cooldown.js';
import { checkDailyLoss } from './daily-loss.js';
import { checkEdge } from './edge.js';
import { checkExits } from './exits.js';
import { checkExpiry } from './expiry.js';
import { checkHalted } from './halted.js';
import { checkHourlyLoss } from './hourly-loss.js';
import { checkInstruments } from './instruments.js';
import { checkLegsBalanced } from './legs-balanced.js';
import { checkNotional } from './notional.js';
import { checkOrderShape } from './order-shape.js';
import { checkPosition } from './position.js';
import { checkQuotes } from './quotes.js';
import { checkRegime } from './regime.js';
import { checkRiskState } from './risk-state.js';
import { checkVenueExposure } from './venue-exposure.js';

/** Every check that an intent passes, in the order in which its reasons are told. */
export const CHECKS: readonly Check[] = [
  checkHalted,
  checkRiskState,
  checkExpiry,
  checkInstruments,
  checkOrderShape,
  checkQuotes,
  checkEdge,
  checkRegime,
  checkCooldown,
  checkLegsBalanced,
  checkExits,
  checkNotional,
  checkPosition,
  checkVenueExposure,
  checkHourlyLoss,
  checkDailyLoss,
  checkBalances,
];
