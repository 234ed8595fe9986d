import { AssayClient, type Decision, type Undecided } from "assay-client";
import { Inject, Injectable } from "@nestjs/common";
import { type Payout, payoutEvent } from "../payout";

/** What the application asks about payouts, in its own words. */
@Injectable()
export class PayoutRisk {
  constructor(@Inject(AssayClient) private readonly client: AssayClient) {}

  /** Where nobody decides within the time, people do: money that waits can be paid later, money that went cannot. */
  async judge(payout: Payout): Promise<Decision | Undecided> {
    return this.client.decide(payoutEvent(payout), { otherwise: "review" });
  }
}
