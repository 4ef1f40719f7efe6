import { Catch } from '@nestjs/common';
import type { RpcExceptionFilter } from '@nestjs/common';
import { ParallaxError } from '@parallax/types';
import { throwError } from 'rxjs';
import type { Observable } from 'rxjs';

/** Keeps a ParallaxError of a bus handler as it is; Nest's own filter would answer "Internal server error". */
@Catch(ParallaxError)
export class BusErrorFilter implements RpcExceptionFilter<ParallaxError> {
  catch(error: ParallaxError): Observable<never> {
    return throwError(() => error);
  }
}
