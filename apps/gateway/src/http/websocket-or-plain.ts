import { IncomingMessage } from 'node:http';

/**
 * A request that offers a protocol which is not spoken here (`Upgrade: h2c`) is answered as if it had not (RFC 9110, 7.8). Node asks
 * each request whether it is an upgrade, and else hands every offer, with its connection, to whoever takes WebSockets. `CONNECT` is
 * none, and nobody takes it.
 */
export class WebSocketOrPlain extends IncomingMessage {
  /** What Node found in the head; set while this is constructed, so that it may have no initial value. */
  declare private offersUpgrade: boolean | null;

  get upgrade(): boolean | null {
    const isTaken = this.method === 'CONNECT' || this.headers.upgrade?.toLowerCase() === 'websocket';
    return this.offersUpgrade && isTaken;
  }

  set upgrade(offers: boolean | null) {
    this.offersUpgrade = offers;
  }
}
