import { Controller, HttpCode, Inject, Post, Req, UseGuards } from "@nestjs/common";
import { type Ledger, record } from "../payout";
import { PayoutGuard, type PayoutRequest } from "./payout.guard";

/** Where payouts are written down. */
export const LEDGER = Symbol("ledger");

/** `POST /payouts`: paid now, or later when people have looked. */
@Controller("payouts")
export class PayoutsController {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  @Post()
  @HttpCode(202)
  @UseGuards(PayoutGuard)
  async create(@Req() request: PayoutRequest): Promise<{ payout: string; status: "paid" | "pending" }> {
    const { payout, verdict } = request;
    if (payout === undefined || verdict === undefined) throw new Error("the guard did not run");
    await record(payout.id, verdict, this.ledger);
    return { payout: payout.id, status: verdict.outcome === "allow" ? "paid" : "pending" };
  }
}
