import type { InBand } from '@parallax/book';

/**
 * The first `l2_data` message of a product is a snapshot of the whole book, the following are updates. No checksum and
 * no id of its own: `sequence_num` counts every message of the connection, so a jump makes all its books suspect, and a
 * fresh snapshot comes by a new connection. A product in auction (`auction_mode`) shows its book crossed until the auction ends; as no frame
 * is lost unseen, a crossed book is the venue's own, and a new connection would bring it again.
 */
export const JOIN: InBand = { kind: 'in-band', link: 'none', crossed: 'tolerate' };
