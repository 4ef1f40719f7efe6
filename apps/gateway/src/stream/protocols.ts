/** What the stream speaks, as a sub-protocol of WebSocket. */
export const STREAM_PROTOCOL = 'parallax';
/** A browser can send no header with a WebSocket: the key comes beside, and is never selected, so that no answer repeats it. */
const KEY_PROTOCOL = /^parallax\.key\.([A-Za-z0-9_-]+)$/;

/** The protocol to answer with; false: none of those that were offered. */
export function selectedProtocol(offered: ReadonlySet<string>): string | false {
  return offered.has(STREAM_PROTOCOL) && STREAM_PROTOCOL;
}

/** The API key among the protocols that a client offers (`Sec-WebSocket-Protocol`), from its base64url form. */
export function keyOffered(header: string | undefined): string | undefined {
  for (const offered of header?.split(',') ?? []) {
    const written = KEY_PROTOCOL.exec(offered.trim())?.[1];
    if (written !== undefined) return Buffer.from(written, 'base64url').toString('utf8');
  }
  return undefined;
}
