import type { PipeTransform } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { checked } from '@parallax/wire';
import type { z } from 'zod';

/**
 * The body of a `@BusRequest`, checked by its wire schema. What does not fit is answered with `INPUT_REFUSED`, the
 * field's path and what is wrong with it; the handler is not called.
 */
export const CheckedBody = <T>(schema: z.ZodType<T>): ParameterDecorator => Payload(new Checked(schema));

class Checked<T> implements PipeTransform<unknown, T> {
  constructor(private readonly schema: z.ZodType<T>) {}

  transform(value: unknown): T {
    return checked(this.schema, value);
  }
}
