import type { Service, ServiceContext } from '@parallax/runtime';
import { hostService, type Probes, type ServiceDefinition } from '@parallax/service-host';
import type { ServiceName } from '@parallax/types';

/** Several services in one process, each hosted as if it were alone: as its own user of the bus, with its own answers. */
export class House {
  private readonly stops: (() => Promise<void>)[] = [];

  /** `probes`: where each is asked how it is; absent, on the bus alone. */
  constructor(
    private readonly contextOf: (name: ServiceName) => Promise<ServiceContext>,
    private readonly probes?: Probes,
  ) {}

  /** Starts the service that `create` builds, with the answers of its definition. */
  async start<Member extends Service>(
    { name, module, metrics }: Pick<ServiceDefinition<Member>, 'name' | 'module' | 'metrics'>, create: (context: ServiceContext) => Member,
  ): Promise<Member> {
    const context = await this.contextOf(name);
    const service = create(context);
    const { stop } = await hostService(service, context, {
      module: module?.(service), metrics: metrics && ((): Promise<string> => metrics(service)), probes: this.probes,
    });
    this.stops.push(stop);
    return service;
  }

  /** Ends the services one after the other, the last that was started first. */
  async stop(): Promise<void> {
    for (let stop = this.stops.pop(); stop !== undefined; stop = this.stops.pop()) await stop();
  }
}
