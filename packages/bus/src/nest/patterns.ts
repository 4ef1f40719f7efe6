import { EventPattern, MessagePattern } from '@nestjs/microservices';
import type { BusPatternExtras } from './bus-strategy.js';

/** `@EventPattern` with the options that a bus knows; nothing is answered. */
export const BusEvent = (pattern: string, extras: BusPatternExtras = {}): MethodDecorator =>
  // oxlint-disable-next-line typescript/no-unnecessary-type-arguments -- without it another overload is taken.
  EventPattern<string>(pattern, { ...extras });

/** `@MessagePattern` with the options that a bus knows; what the handler returns is the answer, bytes as they are. */
export const BusRequest = (pattern: string | readonly string[], extras: BusPatternExtras = {}): MethodDecorator =>
  MessagePattern<string | readonly string[]>(pattern, { ...extras });
