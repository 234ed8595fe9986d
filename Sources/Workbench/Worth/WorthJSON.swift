internal import RuleSets

/// What a replay was worth, as JSON: amounts are in minor units, shares between 0 and 1, and null where there is
/// nothing to divide by.
extension WorthRecorder {
  /// The member that the summary of a replay has beside its own.
  package var json: JSONValue.Member {
    var members: [JSONValue.Member] = []
    if let labels { members.append(.init("labels", labels.json)) }
    let totals = tally.totals
    members += [
      .init("events", tally.json(totals)),
      .init("amount", amountField.path.map { .string($0) } ?? .null),
      .init("outcomes", levels { tally.json(tally.confusion($0)) }),
      .init("fraud", .array(tally.fraudWorths.map(json))),
      .init("rules", .array(tally.ruleWorths.map(json))),
      .init("thresholds", levels { level in .array(tally.sweep(level).map(json)) }),
      .init("notes", .array(notes.map { .string($0) })),
    ]
    return .init("worth", .object(members))
  }

  private func levels(_ value: (CatchLevel) -> JSONValue) -> JSONValue {
    .object(CatchLevel.allCases.map { .init($0.rawValue, value($0)) })
  }

  private func json(_ worth: FraudWorth) -> JSONValue {
    let names = labels?.kinds ?? []
    return .object([
      .init("kind", .string(names.indices.contains(worth.kind) ? names[worth.kind] : "")),
      .init("blocked", tally.json(worth.blocked)), .init("reviewed", tally.json(worth.reviewed)),
      .init("allowed", tally.json(worth.allowed)), .init("recall", levels { worth.recall($0).json }),
    ])
  }

  private func json(_ worth: RuleWorth) -> JSONValue {
    let rule = tally.rules[worth.rule]
    return .object([
      .init("rule", .string(rule.id)), .init("shadow", .bool(rule.isShadow)),
      .init("fired", tally.json(worth.fired)),
      .init("only", levels { tally.json(worth.marginal[$0] ?? StakesByTruth()) }),
    ])
  }

  private func json(_ row: ThresholdRow) -> JSONValue {
    guard case .object(let members) = tally.json(row.confusion) else { return .null }
    return .object([.init("score", .count(row.threshold))] + members)
  }
}

extension Tally {
  func json(_ stake: Stake) -> JSONValue {
    let amounts = stake.amounts.enumerated().map { index, amount in
      JSONValue.Member(currencies[index], .number(String(amount)))
    }
    return .object([
      .init("events", .count(stake.events)), .init("amounts", .object(amounts.sorted { $0.key < $1.key })),
    ])
  }

  func json(_ stakes: StakesByTruth) -> JSONValue {
    .object([
      .init("fraud", json(stakes.fraud)), .init("honest", json(stakes.honest)),
      .init("unknown", json(stakes.unknown)),
    ])
  }

  func json(_ confusion: Confusion) -> JSONValue {
    .object([
      .init("precision", confusion.precision.json), .init("recall", confusion.recall.json),
      .init("f1", .share(confusion.f1)), .init("false_positive_rate", confusion.falsePositives.json),
      .init("raised", json(confusion.raised)), .init("passed", json(confusion.passed)),
    ])
  }
}

extension Labels {
  var json: JSONValue {
    .object([
      .init("count", .count(count)), .init("fraud", .count(counts[.fraud] ?? 0)),
      .init("honest", .count(counts[.honest] ?? 0)), .init("unknown", .count(counts[.unknown] ?? 0)),
      .init("unlabelled", .string(unlabelled == .honest ? "honest" : "unknown")),
      .init("met", .count(metCount)), .init("unmet", .count(unmetCount)),
      .init(
        "first_unmet",
        .array(firstUnmet.map { .object([.init("event", .string($0.id)), .init("line", .count($0.line))]) })),
      .init("repeated", .count(repeatedCount)),
      .init("contradicted", .count(contradictedCount)), .init("bad_line_count", .count(badLineCount)),
      .init("remarks", .array(remarks.map(\.json))),
    ])
  }
}
