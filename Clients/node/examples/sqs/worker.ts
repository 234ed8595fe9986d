import { AssayProblem } from "assay-client";
import { type Decider, type Ledger, record } from "../payout";

/** A message as SQS delivers it. */
export interface Message {
  /** `{"payoutId": …, "event": …}`; the event is JSON as text, made once, when the message was sent. */
  readonly body: string;
  /** Names this delivery. */
  readonly receipt: string;
  /** 1 for the first delivery. */
  readonly receiveCount: number;
}

/** As much of a queue as the worker needs; `queue.ts` has it for SQS. */
export interface MessageQueue {
  /** Waits for messages; none where none came for a while or the signal ended it. */
  receive(signal: AbortSignal): Promise<Message[]>;
  /** Acknowledges. */
  remove(message: Message): Promise<void>;
  /** Has the message delivered again in this many seconds. */
  postpone(message: Message, seconds: number): Promise<void>;
}

/** Deliveries before a payout is given to people. The queue's `maxReceiveCount` must be larger. */
export const deliveriesMax = 8;

/** How long a decision may take; milliseconds. The queue's visibility time-out (30 s) must be much longer. */
const decisionMs = 2_000;

/** Works until the signal says so; what was received is finished first. */
export async function work(
  queue: MessageQueue, client: Decider, ledger: Ledger, signal: AbortSignal, report: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    const messages = await queue.receive(signal);
    const results = await Promise.allSettled(messages.map((message) => handle(message, queue, client, ledger)));
    for (const result of results) if (result.status === "rejected") report(result.reason);
  }
}

/**
 * Decides one message and acknowledges it when the ledger has the decision. If the process dies in between, the message
 * comes again, the sidecar gives the same decision, and the ledger does nothing twice.
 */
export async function handle(
  message: Message, queue: MessageQueue, client: Decider, ledger: Ledger,
): Promise<void> {
  // What cannot be read stays: after `maxReceiveCount` deliveries it is in the dead-letter queue.
  const { payoutId, event } = JSON.parse(message.body) as { payoutId: string; event: string };
  const isLast = message.receiveCount >= deliveriesMax;
  try {
    const decision = await client.decide(event, { timeoutMs: decisionMs, otherwise: "review" });
    // Nobody decided: the message comes again, under the same event id; the last time people decide.
    if (decision.undecided && !isLast) {
      const { error } = decision;
      const asked = "retryAfterSeconds" in error ? (error.retryAfterSeconds ?? 0) : 0;
      return await queue.postpone(message, Math.max(asked, delaySeconds(message.receiveCount)));
    }
    await record(payoutId, decision, ledger);
  } catch (error) {
    if (!(error instanceof AssayProblem)) throw error;
    // The event is at fault: it will be tomorrow too. The ledger keeps the payout for people.
    await ledger.hold(payoutId, `${error.code}: ${error.message}`);
  }
  await queue.remove(message);
}

/** 1, 2, 4 … seconds, at most five minutes. */
function delaySeconds(receiveCount: number): number {
  return Math.min(300, 2 ** Math.min(receiveCount - 1, 20));
}
