import { AssayProblem, type Decision, type Undecided } from "assay-client";
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  Logger,
  UnprocessableEntityException,
} from "@nestjs/common";
import type { Payout } from "../payout";
import { PayoutRisk } from "./payout.service";

/** Where payouts are written down before anybody is asked about them. */
export const PAYOUT_STORE = Symbol("payout store");

/** The payout of a request. The same request sent again finds the first one, with its first time. */
export interface PayoutStore {
  open(requestId: string, body: unknown): Promise<Payout>;
}

/** What the guard leaves for the controller. */
export interface PayoutRequest {
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: unknown;
  payout?: Payout;
  verdict?: Decision | Undecided;
}

/** Lets a payout through to its controller unless it is blocked. The player is not told why: it would teach him. */
@Injectable()
export class PayoutGuard implements CanActivate {
  private readonly logger = new Logger(PayoutGuard.name);

  constructor(
    @Inject(PayoutRisk) private readonly risk: PayoutRisk,
    @Inject(PAYOUT_STORE) private readonly store: PayoutStore,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PayoutRequest>();
    const requestId = request.headers["idempotency-key"];
    if (typeof requestId !== "string") throw new UnprocessableEntityException("`Idempotency-Key` is needed");
    const payout = await this.store.open(requestId, request.body);
    const verdict = await this.judge(payout);
    if (verdict.outcome === "block") throw new ForbiddenException("this payout is not possible");
    Object.assign(request, { payout, verdict });
    return true;
  }

  private async judge(payout: Payout): Promise<Decision | Undecided> {
    try {
      return await this.risk.judge(payout);
    } catch (error) {
      // The event is at fault, which is the service's fault: nothing is paid, and somebody is to hear of it.
      if (error instanceof AssayProblem) this.logger.error(`${payout.id}: ${error.code}: ${error.message}`);
      throw error;
    }
  }
}
