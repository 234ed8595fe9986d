import { AssayClient, AssayProblem, eventJSON } from "assay-client";
import { type Job, type Queue, UnrecoverableError, Worker } from "bullmq";
import { type Decider, type Ledger, type Payout, payoutEvent, record } from "../payout";

/** What a job holds: the event as JSON, made once, so that every attempt sends the same bytes. */
export interface PayoutJob {
  readonly payoutId: string;
  readonly event: string;
}

/** Attempts before a payout is given to people; with the delays below after about two minutes. */
export const attemptsMax = 8;

/** Puts a payout into the queue. The job's id keeps a second job for it out; BullMQ allows no colon there. */
export async function enqueue(queue: Pick<Queue<PayoutJob>, "add">, payout: Payout): Promise<void> {
  await queue.add(
    "payout",
    { payoutId: payout.id, event: eventJSON(payoutEvent(payout)) },
    { jobId: `payout-${payout.id}`, attempts: attemptsMax, backoff: { type: "exponential", delay: 1_000 } },
  );
}

/**
 * One attempt. The job is done, and with it acknowledged, when the ledger has the decision and not before. Where nobody
 * decided it fails, and BullMQ tries again under the same event id; the last attempt holds the payout for people.
 */
export async function attempt(
  job: Pick<Job<PayoutJob>, "data" | "attemptsMade">, client: Decider, ledger: Ledger,
): Promise<void> {
  const { payoutId, event } = job.data;
  const isLast = job.attemptsMade + 1 >= attemptsMax;
  try {
    const decision = isLast
      ? await client.decide(event, { timeoutMs: 2_000, otherwise: "review" })
      : await client.decide(event, { timeoutMs: 2_000 });
    await record(payoutId, decision, ledger);
  } catch (error) {
    if (!(error instanceof AssayProblem)) throw error;
    // The event is at fault (409: the id is known with other content): no attempt will mend it.
    await ledger.hold(payoutId, `${error.code}: ${error.message}`);
    throw new UnrecoverableError(error.message);
  }
}

/** A process of its own: one client for all jobs, closed when the worker has finished what it has. */
export function start(connection: { host: string; port: number }, ledger: Ledger): { stop(): Promise<void> } {
  const client = new AssayClient({ socketPath: process.env.ASSAY_SOCKET ?? "/run/assay/assay.sock" });
  const worker = new Worker<PayoutJob>("payouts", (job) => attempt(job, client, ledger), {
    connection,
    concurrency: 16,
  });
  return {
    async stop() {
      await worker.close();
      await client.close();
    },
  };
}
