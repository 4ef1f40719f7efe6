import type { PipeTransform } from '@nestjs/common';
import { checked } from '@parallax/wire';
import type { z } from 'zod';

/** Checks a query or body against its schema before a handler sees it. */
export class Checked<T> implements PipeTransform<unknown, T> {
  constructor(private readonly schema: z.ZodType<T>) {}

  /** @throws ParallaxError `INPUT_REFUSED` with the field. */
  transform(value: unknown): T {
    return checked(this.schema, value);
  }
}
