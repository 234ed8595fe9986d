internal import CEL
internal import RuleSets

extension ComparisonReport {
  /// The comparison as one JSON object on one line.
  package func json() -> String {
    let members: [JSONValue.Member] = [
      .init("before", side(before, summary.outcomesBefore)),
      .init("after", side(after, summary.outcomesAfter)),
      .init("lines", number(summary.lines)), .init("compared", number(summary.compared)),
      .init("repeated", number(summary.repeated)), .init("dry_runs", number(summary.dryRuns)),
      .init("changed", number(summary.changedCount)),
      .init("rescored", number(summary.rescored)), .init("late", number(summary.late)),
      .init("refused_by_one", number(summary.refusedByOneCount)),
      .init("max_changed", limit.map { .string($0.text) } ?? .null),
      .init("exceeds_max_changed", .bool(exceedsLimit)),
      .init("worth", summary.truth?.json ?? .null), .init("changes", tallies(summary.changes)),
      .init("responsible", responsible),
      .init("samples", samples), .init("refusals", refusals), .init("histories", histories),
      .init("shadow", shadow), .init("rule_hits", hits),
      .init("rules", changes(difference.rules)), .init("features", changes(difference.features)),
      .init("lists", changes(difference.lists)), .init("decision", changes(difference.decision)),
      .init("schema", changes(difference.fields)),
    ]
    return JSONValue.object(members + summary.problemMembers).encoded() + "\n"
  }

  private func number(_ value: Int) -> JSONValue { .number(String(value)) }
  private func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  private func side(_ side: Side, _ outcomes: [Outcome: Int]) -> JSONValue {
    .object([
      .init("place", .string(side.place)), .init("ruleset", .string(side.rules.name)),
      .init("version", .string(side.rules.version)),
      .init(
        "outcomes",
        .object(Outcome.allCases.map { .init($0.rawValue, number(outcomes[$0] ?? 0)) })),
    ])
  }

  private func tallies(_ tallies: [OutcomeChange: ComparisonSummary.ChangeCount]) -> JSONValue {
    .array(
      OutcomeChange.gravestFirst.compactMap { change in
        tallies[change].map { tally in
          .object(
            [
              .init("before", .string(change.before.rawValue)),
              .init("after", .string(change.after.rawValue)), .init("count", number(tally.count)),
              .init("amounts", tally.amounts.json),
            ] + truth(of: tally))
        }
      })
  }

  /// Nothing where nothing is known of it.
  private func truth(of tally: ComparisonSummary.ChangeCount) -> [JSONValue.Member] {
    guard summary.truth != nil else { return [] }
    return [
      .init("frauds", number(tally.frauds)), .init("fraud_amounts", tally.fraudAmounts.json),
      .init("honest", number(tally.honest)), .init("honest_amounts", tally.honestAmounts.json),
    ]
  }

  private var responsible: JSONValue {
    .array(
      summary.parties.sorted { $0.key < $1.key }.map { party, counted in
        .object([
          .init("rule", text(party.rule)), .init("name", .string(party.name)),
          .init("why", .string(difference.cause(of: party))), .init("changes", tallies(counted)),
        ])
      })
  }

  private var samples: JSONValue {
    .array(
      OutcomeChange.gravestFirst.flatMap { summary.samples[$0] ?? [] }.map { sample in
        .object([
          .init("event", .string(sample.event)), .init("type", .string(sample.type)),
          .init("time", text(Timestamp(milliseconds: sample.time)?.rfc3339())),
          .init("truth", text(sample.truth?.label.word)), .init("fraud", text(sample.truth?.kind)),
          .init("file", .string(sample.place.file)), .init("line", number(sample.place.number)),
          .init("before", decided(sample.change.before, sample.scoreBefore)),
          .init("after", decided(sample.change.after, sample.scoreAfter)),
          .init(
            "parties",
            .array(
              sample.parties.map { part in
                .object([
                  .init("rule", text(part.party.rule)), .init("name", .string(part.party.name)),
                  .init("before", text(part.before)), .init("after", text(part.after)),
                  .init("reason", text(part.reason)),
                ])
              })),
          .init("rules", .array(sample.rules.map(explained))),
          .init("rules_left_out", number(sample.furtherRuleCount)),
          .init(
            "features",
            .array(
              sample.features.map { feature in
                .object([
                  .init("name", .string(feature.name)), .init("before", text(feature.before)),
                  .init("after", text(feature.after)),
                ])
              })),
        ])
      })
  }

  private func explained(_ sides: RuleSides) -> JSONValue {
    .object([
      .init("rule", .string(sides.rule)), .init("before", sides.before.json),
      .init("after", sides.after.json),
    ])
  }

  private func decided(_ outcome: Outcome, _ score: Int) -> JSONValue {
    .object([.init("outcome", .string(outcome.rawValue)), .init("score", number(score))])
  }

  private var refusals: JSONValue {
    let counted = summary.refusedByOne.sorted { ($0.key.code, $0.value) < ($1.key.code, $1.value) }
    return .array(
      counted.map { refused, count in
        .object([
          .init("refused_by", .string(refused.isRefusedBefore ? "before" : "after")),
          .init("code", .string(refused.code)), .init("count", number(count)),
          .init("lines", .array(summary.refusalSamples.filter { $0.refused == refused }.map(\.line.json))),
        ])
      })
  }

  private var histories: JSONValue {
    .array(
      difference.histories.map { history in
        .object([
          .init("feature", .string(history.feature)), .init("is_reset", .bool(history.isReset)),
          .init("is_partial", .bool(history.extent != .nothing)), .init("why", .string(history.reason)),
          .init("whole_after_ms", history.fullAfterMilliseconds.map { .number(String($0)) } ?? .null),
          .init("whole_after_records", history.last.map(number) ?? .null),
        ])
      })
  }

  private var shadow: JSONValue {
    .array(
      summary.shadow.sorted { $0.key < $1.key }.map { rule, hits in
        .object([
          .init("rule", .string(rule)), .init("before", number(hits.before)),
          .init("after", number(hits.after)),
          .init(
            "would_change",
            .array(
              OutcomeChange.gravestFirst.compactMap { change in
                hits.wouldChange[change].map { count in
                  .object([
                    .init("before", .string(change.before.rawValue)),
                    .init("after", .string(change.after.rawValue)), .init("count", number(count)),
                  ])
                }
              })),
        ])
      })
  }

  private var hits: JSONValue {
    .array(
      summary.hits.sorted { $0.key < $1.key }.map { rule, hits in
        .object([
          .init("rule", .string(rule)), .init("before", number(hits.before)),
          .init("after", number(hits.after)), .init("only_before", number(hits.onlyBefore)),
          .init("only_after", number(hits.onlyAfter)),
        ])
      })
  }

  private func changes(_ changes: [DefinitionChange]) -> JSONValue {
    .array(
      changes.map { change in
        .object([
          .init("name", .string(change.name)), .init("kind", .string(change.kind.rawValue)),
          .init(
            "details",
            .array(
              change.details.map { detail in
                .object([
                  .init("key", .string(detail.name)), .init("before", text(detail.before)),
                  .init("after", text(detail.after)),
                ])
              })),
        ])
      })
  }
}

extension ChangeParty {
  /// The rule's id; nil for what is no rule.
  fileprivate var rule: String? { if case .rule(let id) = self { id } else { nil } }
}
