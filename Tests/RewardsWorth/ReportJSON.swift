internal import Workbench

extension WorthReport {
  /// Everything, as one object.
  package var json: String {
    JSONValue.object([
      .init("rule_set", .string(ruleSet)), .init("version", .string(version)),
      .init("seeds", .array(plan.seeds.map { .number(String($0)) })), .init("players", .of(plan.players)),
      .init("days", .of(plan.days)), .init("strength", .of(plan.strength)),
      .init("camouflage", .of(plan.camouflage)), .init("events", .of(eventCount)),
      .init("frauds", .array((frauds + [all]).map(\.json))), .init("honest", honestJSON),
      .init("idle_fraudsters", .of(idleFraudsters)), .init("prevalence", .of(prevalence)),
      .init(
        "precision",
        .object([
          .init("events", .of(eventPrecision)), .init("payouts", .of(payoutPrecision)),
          .init("players", .of(playerPrecision)),
        ])), .init("rules", .array(rules.map(\.json))),
      .init("idle_rules", .array(idleRules.map(JSONValue.string))),
      .init("not_reached", .array(misses.map(JSONValue.string))),
      .init("refused", .object(refusals.map { .init($0.code, .of($0.count)) })),
    ]).encoded() + "\n"
  }

  private var honestJSON: JSONValue {
    .object([
      .init("players", .of(honest.players)), .init("reviewed", .of(honest.reviewed)),
      .init("blocked", .of(honest.blocked)), .init("events", .of(honest.events)),
      .init("events_raised", .of(honest.raisedEvents)), .init("payouts", .of(honest.payouts)),
      .init("payouts_held", .of(honest.heldPayouts)), .init("amount_held", .of(honest.heldAmount)),
    ])
  }
}

extension FraudFigures {
  fileprivate var json: JSONValue {
    .object([
      .init("fraud", .string(name)), .init("operations", .of(operations)), .init("players", .of(players)),
      .init("players_caught", .of(caughtPlayers)), .init("players_blocked", .of(blockedPlayers)),
      .init("players_stopped", .of(playerRecall)), .init("events", .of(events)),
      .init("events_raised", .of(eventRecall)), .init("payouts_held", .of(payoutRecall)),
      .init("asked", .of(asked)), .init("caught", .of(caught)), .init("lost", .of(lost)),
      .init("allowed_after_stop", .of(afterStop)),
      .init("players_beyond", .of(beyond(WorthReport.paidMax))),
      .init("players_paid_and_never_stopped", .of(paidAndNeverStopped)),
      .init("paid_in_all_max", .of(paidInAllMax)),
      .init(
        "paid_before_stop",
        .object([.init("mean", .of(paidBeforeStopMean)), .init("max", .of(paidBeforeStopMax))])),
      .init(
        "paid_before_stop_by_operation",
        .object([.init("mean", .of(paidByOperationMean)), .init("max", .of(paidByOperationMax))])),
      .init(
        "paid_before_block",
        .object([.init("mean", .of(paidBeforeBlockMean)), .init("max", .of(paidBeforeBlockMax))])),
      .init("amount_before_block_mean", .of(amountBeforeBlockMean)),
      .init("until_stop_ms_median", untilStopMedian.map { .number(String($0)) } ?? .null),
      .init("until_block_ms_median", untilBlockMedian.map { .number(String($0)) } ?? .null),
    ])
  }
}

extension RuleFigures {
  fileprivate var json: JSONValue {
    .object([
      .init("rule", .string(id)), .init("shadow", .bool(isShadow)), .init("fraud_events", .of(fraudEvents)),
      .init("honest_events", .of(honestEvents)), .init("fraud_players", .of(fraudPlayers)),
      .init("honest_players", .of(honestPlayers)), .init("only_fraud_events", .of(onlyFraudEvents)),
      .init("only_honest_events", .of(onlyHonestEvents)), .init("only_fraud_players", .of(onlyFraudPlayers)),
      .init("only_amount", .of(onlyAmount)),
    ])
  }
}

extension JSONValue {
  fileprivate static func of(_ value: Int) -> JSONValue { .number(String(value)) }

  /// To six places, the same text on every machine.
  fileprivate static func of(_ value: Double) -> JSONValue {
    let millionths = String(Int((value * 1_000_000).rounded()))
    let padded = String(repeating: "0", count: max(0, 7 - millionths.count)) + millionths
    return .number("\(padded.dropLast(6)).\(padded.suffix(6))")
  }

  fileprivate static func of(_ money: FraudFigures.Money) -> JSONValue {
    .object([.init("payouts", .of(money.count)), .init("amount", .of(money.amount))])
  }

  fileprivate static func of(_ rate: Rate) -> JSONValue {
    guard let value = rate.value, let interval = rate.interval else { return .null }
    return .object([
      .init("part", .of(rate.part)), .init("whole", .of(rate.whole)), .init("value", .of(value)),
      .init("low", .of(interval.lowerBound)), .init("high", .of(interval.upperBound)),
    ])
  }
}
