import { Catch } from '@nestjs/common';
import type { RpcExceptionFilter } from '@nestjs/common';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';

/**
 * Hands every error of a bus handler on as it is: the strategy tells it and answers it. Nest's own filter would make
 * "Internal server error" of a ParallaxError, and write the others into the log of whichever application came last.
 */
@Catch()
export class BusErrorFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
