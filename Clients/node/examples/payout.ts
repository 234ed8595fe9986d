import type { AssayClient, Decision, Undecided } from "assay-client";

/** A payout as the wallet has written it down, before anybody is asked about it. */
export interface Payout {
  readonly id: string;
  readonly userId: string;
  readonly receiver: string;
  /** Minor units. A database gives 64-bit integers as text or BigInt: keep it one. */
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly method: "paypal" | "gift_card";
  /** When the payout was written down, not when it is decided. */
  readonly createdAt: Date;
  /** What was known then of account, device and network, by the names of the rule set's schema. */
  readonly facts: {
    readonly account?: object;
    readonly device?: object;
    readonly network?: object;
    readonly ip?: string;
  };
}

/** What becomes of a payout. Each does nothing if it was done before: a decision may come twice. */
export interface Ledger {
  pay(payoutId: string, decision: Decision): Promise<void>;
  /** For people to look at. */
  hold(payoutId: string, why: string): Promise<void>;
  reject(payoutId: string, decision: Decision): Promise<void>;
}

/**
 * The event of a payout. All of it comes from what was written down, so that every try sends the same: the sidecar
 * answers a known id with its first decision, and refuses it with other content as a conflict.
 */
export function payoutEvent(payout: Payout): object {
  return {
    id: `payout:${payout.id}`,
    type: "payout.requested",
    time: payout.createdAt,
    user: { id: payout.userId },
    ...payout.facts,
    payout: {
      amount_minor: payout.amountMinor,
      currency: payout.currency,
      method: payout.method,
      receiver: payout.receiver,
      request_id: payout.id,
    },
  };
}

/**
 * Writes a decision down. `repeated` makes no difference: the first try may have died between decision and ledger, so
 * it is the ledger that sees to it that nobody is paid twice.
 */
export async function record(payoutId: string, decision: Decision | Undecided, ledger: Ledger): Promise<void> {
  if (decision.undecided) return ledger.hold(payoutId, `not decided: ${decision.error.message}`);
  switch (decision.outcome) {
    case "allow":
      return ledger.pay(payoutId, decision);
    case "review":
      return ledger.hold(payoutId, why(decision));
    case "block":
      return ledger.reject(payoutId, decision);
  }
}

/** What people are to look at: what fired, and what could not be told for want of a field. */
function why({ reasons, not_evaluated, score }: Decision): string {
  const floors = not_evaluated.filter((rule) => rule.then !== undefined);
  const parts = [
    ...reasons.map((reason) => reason.text),
    ...floors.map((rule) => `${rule.rule} cannot tell: ${rule.field ?? rule.detail ?? rule.why}`),
  ];
  return parts.join("; ") || `score ${score}`;
}

/** As much of the client as a worker needs. */
export type Decider = Pick<AssayClient, "decide">;
