import { readConfiguration, type Environment } from '@parallax/config';
import { ParallaxError } from '@parallax/types';

export type BusChoice = 'embedded' | 'nats';

/**
 * The bus that `parallax start` runs on. It joins that of NATS_URL only where it is told so: the variable may have been set for
 * another command, and a second system there would mix its market with the one that is traded on.
 * @throws ParallaxError `CONFIG_REFUSED` where NATS_URL and the choice leave open what is meant.
 */
export function chosenBus(environment: Environment, chosen?: BusChoice): BusChoice {
  const { NATS_URL } = readConfiguration(environment, ['NATS_URL']);
  if (chosen === 'nats' && NATS_URL === undefined) {
    throw new ParallaxError('CONFIG_REFUSED', '--bus nats joins the bus that NATS_URL names, and NATS_URL is not set', { place: 'NATS_URL' });
  }
  if (chosen !== undefined || NATS_URL === undefined) return chosen ?? 'embedded';
  const reason = 'NATS_URL is set, and all services with their own market would join that bus: say --bus nats if that is meant, '
    + '--bus embedded to start a system that stands by itself, or unset NATS_URL';
  throw new ParallaxError('CONFIG_REFUSED', reason, { place: 'NATS_URL' });
}
