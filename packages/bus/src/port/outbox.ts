import type { MessagePort } from 'node:worker_threads';
import type { Headers } from '../bus.js';
import { aligned, type Answer, type Pack } from './protocol.js';

/** A pack goes when it holds so much, at the latest at the end of the turn. */
const PACK_MESSAGES = 512;
const PACK_BYTES = 256 * 1_024;

export interface PackedMessage {
  readonly subject: string;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
}

/** Sends to the using side, in order. Messages of subscriptions are packed: one by one they would cost ten times as much. */
export class Outbox {
  private messages: PackedMessage[] = [];
  private ids: number[] = [];
  private gates: number[] = [];
  private questions: number[] = [];
  private losses: number[] = [];
  private size = 0;
  private scheduled = false;
  private closed = false;

  constructor(
    private readonly port: MessagePort,
    private readonly defer: (callback: () => void) => void,
  ) {}

  /** `message` must not change until it is sent. */
  pack(id: number, gate: number, message: PackedMessage, question: number, lost: number): void {
    if (this.closed) return;
    this.messages.push(message);
    this.ids.push(id);
    this.gates.push(gate);
    this.questions.push(question);
    this.losses.push(lost);
    this.size += aligned(message.bytes.length);
    if (this.messages.length >= PACK_MESSAGES || this.size >= PACK_BYTES) this.sendPack();
    else if (!this.scheduled) {
      this.scheduled = true;
      this.defer(this.onTurnEnd);
    }
  }

  /** Sends after what was packed before. */
  post(answer: Answer): void {
    if (this.closed) return;
    this.sendPack();
    this.port.postMessage(answer);
  }

  close(): void {
    this.sendPack();
    this.closed = true;
  }

  private readonly onTurnEnd = (): void => {
    this.scheduled = false;
    this.sendPack();
  };

  private sendPack(): void {
    const { messages } = this;
    if (this.closed || messages.length === 0) return;
    const buffer = new ArrayBuffer(this.size);
    const whole = new Uint8Array(buffer);
    const subjects: string[] = [];
    const lengths: number[] = [];
    const headers: (Headers | undefined)[] = [];
    let at = 0;
    for (const message of messages) {
      whole.set(message.bytes, at);
      at += aligned(message.bytes.length);
      subjects.push(message.subject);
      lengths.push(message.bytes.length);
      headers.push(hasAny(message.headers) ? message.headers : undefined);
    }
    const { ids, gates, questions, losses } = this;
    const pack: Pack = { op: 'messages', ids, gates, subjects, lengths, questions, losses, headers, buffer };
    [this.messages, this.ids, this.gates, this.questions, this.losses, this.size] = [[], [], [], [], [], 0];
    this.port.postMessage(pack, [buffer]);
  }
}

function hasAny(headers: Headers): boolean {
  for (const _ in headers) return true;
  return false;
}
