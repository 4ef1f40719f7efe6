import { BaseRpcContext } from '@nestjs/microservices';
import type { BusMessage } from '../bus.js';

/** What a handler gets with `@Ctx()`: the message as it came. */
export class BusContext extends BaseRpcContext<[BusMessage]> {
  get message(): BusMessage {
    return this.args[0];
  }
  get subject(): string {
    return this.message.subject;
  }
  header(name: string): string | undefined {
    return this.message.header(name);
  }
}
