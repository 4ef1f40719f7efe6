import { between, type SeededRandom } from './seeded-random.js';
import type { PhaseName, Schedule } from './scenario.js';

/** The phase that one moment lies in. `direction` is 1 up or -1 down. */
export interface Phase {
  readonly name: PhaseName;
  readonly direction: 1 | -1;
  /** Null: all assets. */
  readonly assets: ReadonlySet<string> | null;
  readonly endsAtSeconds: number;
}

/** Walks a scenario's phases in order of time. Time must not run backwards. */
export class PhaseSchedule {
  private next = 0;
  private phase: Phase;

  constructor(
    private readonly schedule: Schedule,
    private readonly random: SeededRandom,
  ) {
    this.phase = this.draw(0);
  }

  at(elapsedSeconds: number): Phase {
    while (elapsedSeconds >= this.phase.endsAtSeconds) this.phase = this.draw(this.phase.endsAtSeconds);
    return this.phase;
  }

  private draw(startsAt: number): Phase {
    if (this.schedule.kind === 'seeded') {
      const { name, fromSeconds, toSeconds } = this.choose(this.schedule.phases);
      const endsAtSeconds = startsAt + between(this.random, fromSeconds, toSeconds);
      return { name, direction: this.direction(name), assets: null, endsAtSeconds };
    }
    const { phases, repeat } = this.schedule;
    if (this.next >= phases.length && !repeat) {
      return { name: 'calm', direction: 1, assets: null, endsAtSeconds: Infinity };
    }
    const phase = phases[this.next++ % phases.length];
    return {
      name: phase.name,
      direction: this.direction(phase.name, phase.direction),
      assets: phase.assets ? new Set(phase.assets) : null,
      endsAtSeconds: startsAt + phase.seconds,
    };
  }

  private choose<T extends { weight: number }>(choices: readonly T[]): T {
    let left = this.random.next() * choices.reduce((sum, choice) => sum + choice.weight, 0);
    for (const choice of choices) {
      left -= choice.weight;
      if (left < 0) return choice;
    }
    return choices[choices.length - 1];
  }

  private direction(name: PhaseName, wanted?: 'up' | 'down'): 1 | -1 {
    const up = this.random.next() < 0.5;
    if (name === 'crash') return -1;
    if (name === 'pump') return 1;
    return (wanted === undefined ? up : wanted === 'up') ? 1 : -1;
  }
}
