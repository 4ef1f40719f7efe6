import type { DynamicModule } from '@nestjs/common';
import type { Environment } from '@parallax/config';
import type { Service, ServiceContext } from '@parallax/runtime';
import type { ServiceName } from '@parallax/types';

/** What an app says of itself to whoever runs it by itself; each app has one such value. */
export interface ServiceDefinition<Hosted extends Service = Service> {
  readonly name: ServiceName;
  /** Builds the service from what it is given and from the environment. */
  create(context: ServiceContext, environment: Environment): Hosted | Promise<Hosted>;
  /** Checks of its settings beyond each variable by itself, for `refuseTogether`: each reads what it needs. */
  checks?(environment: Environment): (() => void)[];
  /** The app's Nest module: what it answers on the bus beside its health. */
  module?(service: Hosted): DynamicModule;
  /** Numbers of its own in Prometheus' text form, beside those of its health; each carries the label `service`. */
  metrics?(service: Hosted): Promise<string>;
  /** True for who is there to show what is missing: without the bus it goes on. Others are not ready then. */
  readonly readyWhenCutOff?: boolean;
}
