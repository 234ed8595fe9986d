// Checked, never run: what a consumer in TypeScript may write, and what the compiler must refuse.
import { AssayClient, AssayProblem, AssayTimeout, AssayUnavailable, eventJSON } from "assay-client";
import type { Answer, Decision, Outcome, Undecided } from "assay-client";

const client = new AssayClient({ socketPath: "/run/assay/assay.sock", timeoutMs: 250, socketsMax: 8 });
new AssayClient({ host: "127.0.0.1", port: 8080 });
new AssayClient({ port: 8080 });
// @ts-expect-error: either a socket or a port
new AssayClient({ socketPath: "/s", port: 8080 });
// @ts-expect-error: one of them
new AssayClient({ timeoutMs: 250 });

export async function single(signal: AbortSignal): Promise<Outcome> {
  const plain: Decision = await client.decide({ id: "p1", payout: { amount_minor: 2n ** 62n } }, { signal });
  const text: string = await client.decide(new Uint8Array(), { as: "text" });
  const either: Decision | Undecided = await client.decide("{}", { otherwise: "review", timeoutMs: 50 });
  const textOrNot: string | Undecided = await client.decide("{}", { otherwise: "block", as: "text" });
  if (either.undecided) {
    const error: AssayTimeout | AssayUnavailable = either.error;
    return error.code === "timeout" ? either.outcome : "block";
  }
  const floor: Outcome | undefined = either.not_evaluated[0]?.then;
  // @ts-expect-error: decisions are read only
  either.outcome = "allow";
  // @ts-expect-error: no such outcome
  await client.decide("{}", { otherwise: "pay" });
  // @ts-expect-error: an event is no number
  await client.decide(7);
  // @ts-expect-error: nobody may have decided
  const decided: Decision = await client.decide("{}", { otherwise: "review" });
  return floor ?? plain.outcome ?? text ?? textOrNot ?? decided;
}

interface Payout {
  id: string;
  amountMinor: bigint;
}

export async function many(payouts: AsyncIterable<Payout>): Promise<void> {
  for await (const answer of client.decideMany(payouts, { ahead: 64, dryRun: true })) {
    const amount: bigint = answer.event.amountMinor;
    if (answer.decision) {
      const outcome: Outcome = answer.decision.outcome;
      const none: undefined = answer.problem;
      void [outcome, none];
    } else {
      const field: string | undefined = answer.problem.field;
      void field;
    }
    void amount;
  }
  const texts: AsyncGenerator<Answer<string, string>> = client.decideMany(["{}"], { as: "text" });
  // @ts-expect-error: numbers are no events
  client.decideMany([1, 2]);
  void texts;
}

export async function rest(error: unknown): Promise<string> {
  const { name, version, rules } = await client.ruleset();
  const { ready, detail } = await client.ready({ timeoutMs: 100 });
  await client.close();
  if (error instanceof AssayProblem) return `${error.status} ${error.field ?? ""} ${error.detail} ${error.hint ?? ""}`;
  if (error instanceof AssayUnavailable) return `${error.retryAfterSeconds ?? 0}`;
  // @ts-expect-error: only the client makes them
  new AssayTimeout("late");
  return `${name} ${version} ${rules.length} ${ready} ${detail} ${eventJSON({ a: 1n })}`;
}
