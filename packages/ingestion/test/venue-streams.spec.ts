import { describe, expect, test } from '@jest/globals';
import { instrument } from './support/test-stream.js';
import { StreamWorld } from './support/world.js';

const flowing = (...symbols: string[]): string[] => symbols.flatMap((symbol) => [`depth ${symbol}`, `ticker ${symbol}`]);

describe('a venue that acknowledges and never sends', () => {
  const mute = (): StreamWorld => {
    const world = new StreamWorld({ symbols: ['A', 'B'] });
    world.hear(0, 'yes #1');
    world.hear(0, 'yes #2');
    return world;
  };

  test('is told after 20 s, asked again, then on another connection at the next address', () => {
    const world = mute();
    expect(world.missing).toEqual(['A depth: acknowledged, not yet', 'B depth: acknowledged, not yet']);
    world.pass(19);
    expect([world.missing, world.count('leave')]).toEqual([['A depth: acknowledged, not yet', 'B depth: acknowledged, not yet'], 0]);
    world.pass(1);
    expect(world.said[0].slice(-2)).toEqual(['leave depth A,B #3', 'ask depth A,B #4']);
    world.hear(0, 'yes #4');
    expect(world.missing).toEqual(['A depth: acknowledged', 'B depth: acknowledged']);
    world.pass(20);
    expect([world.missing, world.said.length]).toEqual([['A depth: silent', 'B depth: silent'], 1]);
    world.pass(21);
    expect([world.said.length, world.said[1]]).toEqual([2, ['ws://two', 'ask depth A,B #1', 'ask ticker A,B #2']]);
    world.pass(11);
    expect([world.openSockets, world.said[0].at(-1)]).toEqual([[1], 'closed']);
  });

  test('is not stormed: an hour takes a dozen tries, and the first data ends them', () => {
    const world = mute();
    world.pass(3_600);
    expect(world.said.length).toBeLessThan(8);
    expect(world.count('ask depth')).toBeLessThan(16);
    expect(world.missing).toEqual([expect.stringContaining('A depth'), expect.stringContaining('B depth')]);
    world.venue = () => flowing('A', 'B');
    world.pass(700);
    const before = world.said.flat().length;
    expect(world.missing).toEqual([]);
    world.pass(300);
    expect(world.said.flat().length).toBe(before);
  });

  test('heard of once only, it is missing as soon as it is silent for longer than its pauses were', () => {
    const world = new StreamWorld({ symbols: ['A', 'B'] });
    world.venue = () => flowing('A', 'B');
    world.pass(600);
    world.venue = () => [];
    world.pass(19);
    expect(world.missing).toEqual([]);
    world.pass(1);
    expect(world.missing).toEqual(['A depth: asked', 'B depth: asked']);
    expect(world.said[0].slice(-2)).toEqual(['leave depth A,B #3', 'ask depth A,B #4']);
  });
});

describe('one symbol of which nothing is heard, among others that live', () => {
  const oneOfFour = (): StreamWorld => {
    const world = new StreamWorld({ symbols: ['A', 'B', 'C', 'D'] });
    // It comes on another connection only.
    world.venue = (socket) => (socket === 0 ? flowing('A', 'B', 'C') : flowing('A', 'B', 'C', 'D'));
    return world;
  };

  test('is asked for again, then moves to another connection; the others lose nothing', () => {
    const world = oneOfFour();
    world.pass(20);
    expect([world.missing, world.said[0].slice(-2)]).toEqual([['D depth: asked'], ['leave depth D #3', 'ask depth D #4']]);
    world.pass(42);
    expect(world.said[0].slice(-2)).toEqual(['leave depth D #5', 'leave ticker D #6']);
    expect(world.said[1]).toEqual(['ws://one', 'ask depth D #1', 'ask ticker D #2']);
    world.pass(2);
    expect([world.missing, world.openSockets]).toEqual([[], [0, 1]]);
    expect(world.said[0]).not.toContain('closed');
    // What it says still of the one that left is nobody's.
    world.hear(0, 'depth D');
    world.pass(1_000);
    expect(world.said.length).toBe(2);
  });

  test('goes where others live, if there is room, so that not every symbol takes a connection', () => {
    const world = new StreamWorld({ symbols: ['A', 'B', 'C', 'D', 'E', 'F'], perConnection: 3 });
    world.venue = (socket) => (socket === 0 ? flowing('A', 'B') : flowing('A', 'B', 'C', 'D', 'E', 'F'));
    world.pass(70);
    expect([world.said.length, world.said[1].slice(-2), world.missing]).toEqual([2, ['ask depth C #3', 'ask ticker C #4'], []]);
    expect(world.streams.carrierOf('C', 'depth')).toBe(world.streams.connections[1]);
  });

  test('leaves no connection behind that carries nothing: it would be opened again and again, and be missed', () => {
    const owed = { onAsking: true, everyMs: null };
    const world = new StreamWorld({ symbols: ['A'], stream: { owes: { depth: owed, ticker: owed, trades: owed }, beats: true } });
    // Half of what the one symbol owes is heard, so that it moves by itself.
    world.venue = (socket) => (socket === 0 ? ['ticker A'] : flowing('A'));
    world.pass(64);
    expect([world.said.length, world.missing, world.said[0].at(-1)]).toEqual([2, [], 'closed']);
    world.pass(600);
    expect([world.said.length, world.openSockets, world.streams.connections.map(({ channels }) => channels.symbols)]).toEqual([2, [1], [['A']]]);
  });

  test('is not sought with ever new connections where it is silent on each', () => {
    const world = new StreamWorld({ symbols: ['A', 'B', 'C', 'D'] });
    world.venue = () => flowing('A', 'B', 'C');
    world.pass(7_200);
    expect(world.openSockets.length).toBe(2);
    expect(world.said.length).toBeLessThan(12);
    expect(world.missing).toEqual([expect.stringContaining('D depth')]);
    expect(world.said[0]).not.toContain('closed');
  });
});

test('a symbol that gets another name at the venue is left under the old one and asked for under the new one, at once', () => {
  const world = new StreamWorld({ symbols: ['A', 'B'] });
  // The old contract goes on for a while beside its heir.
  world.venue = () => flowing('A', 'B', 'A2');
  world.pass(30);
  world.follow([{ ...instrument('A'), venueSymbol: 'A2' }, instrument('B')]);
  expect(world.said.map((said) => said.slice(-2))).toEqual([['leave depth A #3', 'leave ticker A #4'], ['ask depth A2 #1', 'ask ticker A2 #2']]);
  world.pass(30);
  expect([world.missing, world.openSockets]).toEqual([[], [0, 1]]);
  world.venue = () => flowing('A', 'B');
  world.pass(60);
  expect(world.missing).toEqual(['A depth: asked']);
  // Of a symbol that had its connection for itself nothing is left there.
  const alone = new StreamWorld({ symbols: ['A'] });
  alone.follow([{ ...instrument('A'), venueSymbol: 'A2' }]);
  expect([alone.said[0].at(-1), alone.openSockets]).toEqual(['closed', [1]]);
});

describe('calm is no fault', () => {
  const onAsking = { owes: { depth: { onAsking: true, everyMs: null }, ticker: { onAsking: true, everyMs: null }, trades: { onAsking: false, everyMs: null } } };

  test('where the state comes on asking, a calm market is asked ever less often, and no connection ends for it', () => {
    const world = new StreamWorld({ symbols: ['A', 'B'], stream: { ...onAsking, beats: true } });
    let answered = 0;
    world.venue = () => {
      const asked = world.count('ask depth') + world.count('ask ticker');
      const answers = asked > answered ? flowing('A', 'B') : ['beat'];
      answered = asked;
      return answers;
    };
    world.pass(3_600);
    expect([world.said.length, world.openSockets]).toEqual([1, [0]]);
    expect(world.count('ask depth')).toBeLessThan(12);
    expect(world.missing).toEqual([]);
  });

  test('what comes every minute by the venue’s rules is never missed, and after more than that it is', () => {
    const owes = { depth: { onAsking: false, everyMs: 60_000 }, ticker: { onAsking: true, everyMs: null }, trades: { onAsking: false, everyMs: null } };
    const world = new StreamWorld({ symbols: ['A'], feeds: ['depth'], stream: { owes } });
    world.hear(0, 'depth A');
    world.pass(1);
    world.hear(0, 'depth A');
    let round = 0;
    world.venue = () => (++round % 59 === 0 ? ['depth A'] : []);
    world.pass(20);
    // Before its own rhythm is known it is asked for too early, once or twice.
    world.pass(600);
    const before = world.count('ask');
    world.pass(1_800);
    expect([world.count('ask') - before, world.missing]).toEqual([0, []]);
    world.venue = () => [];
    world.pass(95);
    expect([world.count('ask') - before, world.missing]).toEqual([1, ['A depth: asked']]);
  });

  test('best quotes and trades that stand still are not missed while the book lives; they are with their whole connection', () => {
    const world = new StreamWorld({ symbols: ['A', 'B'], feeds: ['depth', 'ticker', 'trades'] });
    world.venue = () => ['depth A', 'depth B'];
    world.pass(2_000);
    expect([world.missing, world.said.length]).toEqual([[], 1]);
    const trades = new StreamWorld({ symbols: ['A', 'B'], feeds: ['trades'] });
    trades.pass(120);
    expect(trades.missing).toEqual(['A trades: asked', 'B trades: asked']);
    trades.pass(200);
    expect(trades.said.length).toBeGreaterThan(1);
  });

  test('but best quotes that move show that a book which does not is dead, however calm it was before', () => {
    const world = new StreamWorld({ symbols: ['A', 'B'] });
    let round = 0;
    world.venue = () => (++round % 150 === 0 ? flowing('A', 'B') : []);
    world.pass(1_200);
    const before = world.count('ask depth');
    // One move shows nothing: the change of the book may just be on its way.
    world.venue = () => ['depth B'];
    world.hear(world.openSockets[0], 'ticker A');
    world.pass(100);
    expect([world.missing, world.count('ask depth') - before]).toEqual([[], 0]);
    world.venue = () => ['ticker A', 'depth B'];
    world.pass(20);
    expect([world.missing, world.count('ask depth') - before]).toEqual([['A depth: asked'], 1]);
  });

  test('a market that the venue has closed owes nothing', () => {
    const world = new StreamWorld({ symbols: [] });
    world.follow([instrument('A', 'halted'), instrument('B')]);
    world.venue = () => flowing('B');
    world.pass(300);
    expect([world.missing, world.count('leave')]).toEqual([[], 0]);
    world.follow([instrument('A'), instrument('B')]);
    world.pass(1);
    expect(world.missing).toEqual(['A depth: asked']);
  });
});

describe('a refusal', () => {
  const refusing = (kind: string): StreamWorld => {
    const world = new StreamWorld({ symbols: ['A', 'B', 'C'], feeds: ['depth'], perConnection: 10 });
    world.venue = () => ['depth A', 'depth B', 'depth C'].slice(0, world.count('ask depth C') === 0 ? 2 : 3);
    world.pass(1);
    world.streams.connections[0].send(world.streams.connections[0].channels.askAgain([world.streams.connections[0].channels.find('C', 'depth')!]), world.nowUs);
    world.said[0].splice(1);
    world.hear(0, `no #3 ${kind}`);
    return world;
  };

  test('for the moment: missing with the venue’s words, asked again after a pause, longer where we asked too much', () => {
    for (const [kind, from, to] of [['rate', 55, 62], ['other', 35, 42]] as const) {
      const world = refusing(kind);
      expect(world.missing).toEqual(['C depth: refused']);
      world.pass(from);
      expect([kind, world.count('ask'), world.missing]).toEqual([kind, 0, ['C depth: refused']]);
      world.pass(to - from);
      // Nothing is left first: it never was subscribed.
      expect([kind, world.said[0].slice(1)]).toEqual([kind, ['ask depth C #4']]);
      world.pass(2);
      expect(world.missing).toEqual([]);
    }
  });

  test('for good: told, asked again by a new listing or after an hour, and no connection is opened for it', () => {
    const world = refusing('lasting');
    world.pass(3_500);
    expect([world.count('ask'), world.missing, world.said.length]).toEqual([0, ['C depth: refused'], 1]);
    world.follow([instrument('A'), instrument('B'), instrument('C', 'post-only')]);
    world.pass(2);
    expect([world.count('ask depth C'), world.missing, world.said.length]).toEqual([1, [], 1]);
  });

  test('of a request that names nobody concerns those alone that wait for an answer', () => {
    const world = new StreamWorld({ symbols: ['A', 'B'], feeds: ['depth', 'ticker'] });
    world.hear(0, 'depth A');
    world.hear(0, 'yes ticker B');
    world.hear(0, 'no - other');
    expect(world.missing.sort()).toEqual(['A ticker: refused', 'B depth: refused']);
  });
});

describe('a connection that is to take another’s place', () => {
  /** One whose venue will close it by its age. */
  const aged = (): StreamWorld => {
    const world = new StreamWorld({ symbols: ['A', 'B'], stream: { lifetimeMs: 3_600_000 } });
    world.venue = (socket) => (socket === 0 ? flowing('A', 'B') : []);
    world.pass(3_541);
    expect(world.openSockets).toEqual([0, 1]);
    return world;
  };

  test('does so only when it hears all that the old one hears: answers do not count', () => {
    const world = aged();
    world.hear(1, 'yes #1');
    world.hear(1, 'yes #2');
    world.pass(30);
    expect(world.openSockets).toEqual([0, 1]);
    world.venue = (socket) => (socket === 0 ? flowing('A', 'B') : flowing('A'));
    world.pass(10);
    expect(world.openSockets).toEqual([0, 1]);
    world.venue = () => flowing('A', 'B');
    world.pass(2);
    expect([world.openSockets, world.said[0].at(-1)]).toEqual([[1], 'closed']);
  });

  test('carries no symbol that moved to a third one meanwhile', () => {
    const world = new StreamWorld({ symbols: ['A', 'B', 'C', 'D'], stream: { lifetimeMs: 3_600_000 } });
    world.venue = () => flowing('A', 'B', 'C', 'D');
    world.pass(3_500);
    world.venue = (socket) => (socket === 0 ? flowing('A', 'B', 'C') : flowing('A', 'D').slice(0, socket === 1 ? 2 : 4));
    world.pass(70);
    expect([world.openSockets, world.missing]).toEqual([[0, 1, 2], []]);
    world.venue = (socket) => (socket === 2 ? flowing('D') : flowing('A', 'B', 'C'));
    world.pass(5);
    expect(world.openSockets).toEqual([1, 2]);
    expect(world.streams.connections.map(({ channels }) => channels.symbols)).toEqual([['A', 'B', 'C'], ['D']]);
  });

  test('does so at once when the old one is gone', () => {
    const world = aged();
    world.close(0);
    world.pass(1);
    expect(world.streams.connections.map(({ state }) => state)).toEqual(['open']);
    expect(world.openSockets).toEqual([1]);
  });

  test('is given up for another where it stays deaf', () => {
    const world = aged();
    world.pass(125);
    expect([world.said.length, world.said[1].at(-1), world.openSockets]).toEqual([3, 'closed', [0, 2]]);
  });
});

test('a symbol whose connection does not come about, or ends again and again, is missing after a minute', () => {
  const world = new StreamWorld({ symbols: ['A'] });
  const endless = (seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      world.pass(1);
      if (second % 5 === 0) for (const socket of world.openSockets) world.close(socket);
    }
  };
  endless(55);
  expect(world.missing).toEqual([expect.stringMatching(/^A depth: (wanted|asked), not yet$/)]);
  endless(10);
  expect(world.missing).toEqual([expect.stringMatching(/^A depth: (wanted|asked)$/)]);
});
