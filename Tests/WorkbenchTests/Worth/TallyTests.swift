import Assay
import RuleSets
import TestSupport
import Testing
import Workbench

/// Everything that is derived from a tally, against plain loops over all decisions.
@Suite struct TallyTests {
  private static let seeds: [UInt64] = [7, 20_261_123, .random(in: 0...999_999)]

  /// A stake in the oracle's terms: amounts by the names of currencies, zeros left out.
  private struct Plain: Equatable {
    var events = 0
    var amounts: [String: Int128] = [:]

    init(_ stake: Stake, _ tally: Tally) {
      events = stake.events
      for currency in 0..<tally.currencies.count where stake.amount(currency) != 0 {
        amounts[tally.currencies[currency]] = stake.amount(currency)
      }
    }

    init(_ entries: [WorthStream.Entry]) {
      events = entries.count
      for entry in entries {
        guard let amount = entry.amount, let currency = entry.currency else { continue }
        amounts[currency, default: 0] += Int128(amount)
      }
      amounts = amounts.filter { $0.value != 0 }
    }
  }

  private static func truth(_ entry: WorthStream.Entry) -> Label.Truth {
    entry.label == nil ? .unknown : entry.label == "honest" ? .honest : .fraud
  }

  private static func expect(
    _ found: StakesByTruth, _ entries: [WorthStream.Entry], _ tally: Tally, _ remark: Comment
  ) {
    for truth in Label.Truth.allCases {
      let plain = Plain(entries.filter { Self.truth($0) == truth })
      #expect(Plain(found[truth], tally) == plain, remark)
    }
  }

  private static func expect(
    _ found: Confusion, _ entries: [WorthStream.Entry], _ tally: Tally, _ remark: Comment,
    isRaised: (WorthStream.Entry) -> Bool
  ) {
    expect(found.raised, entries.filter(isRaised), tally, remark)
    expect(found.passed, entries.filter { !isRaised($0) }, tally, remark)
  }

  /// The outcome by the definition, from the lists of a decision.
  private static func outcome(
    _ decision: Decision, review: Int = WorthStream.review, block: Int = WorthStream.block,
    without: String? = nil, with: String? = nil
  ) -> Outcome {
    let fired = decision.reasons.map(\.rule).filter { $0 != without } + [with].compactMap { $0 }
    let score = fired.reduce(0) { $0 + (WorthStream.scores[$1] ?? 0) }
    var outcome: Outcome = score >= block ? .block : score >= review ? .review : .allow
    let decides = fired.compactMap { WorthStream.decides[$0] }
    if decides.contains(.allow) { outcome = .allow }
    return (decides + decision.notEvaluated.compactMap(\.floor)).reduce(outcome, max)
  }

  @Test(arguments: seeds, [false, true]) func derivedFiguresAreThoseOfAllDecisions(
    seed: UInt64, saysHonest: Bool
  )
    throws
  {
    let stream = try WorthStream(seed: seed, count: 1_500, saysHonest: saysHonest)
    let (tally, entries) = (stream.recorder.tally, stream.entries)
    let remark: Comment = "seed \(seed)"
    #expect(tally.eventCount == entries.count, remark)
    #expect(tally.kinds.count < entries.count, remark)
    #expect(entries.contains { $0.decision.outcome == .block && Self.truth($0) == .fraud }, remark)
    Self.expect(tally.totals, entries, tally, remark)
    for outcome in Outcome.allCases {
      Self.expect(
        tally.outcomes()[outcome] ?? StakesByTruth(), entries.filter { $0.decision.outcome == outcome },
        tally, remark)
      Self.expect(
        tally.outcomes(ofType: 1)[outcome] ?? StakesByTruth(),
        entries.filter { $0.decision.outcome == outcome && $0.type == "login" }, tally, remark)
    }
    for bar in tally.scores {
      Self.expect(bar.stakes, entries.filter { $0.decision.score == bar.score }, tally, remark)
    }
    #expect(Set(tally.scores.map(\.score)) == Set(entries.map(\.decision.score)), remark)
  }

  @Test(arguments: seeds) func thresholdsAreSweptExactly(seed: UInt64) throws {
    let stream = try WorthStream(seed: seed, count: 1_500, saysHonest: false)
    let (tally, entries) = (stream.recorder.tally, stream.entries)
    for level in CatchLevel.allCases {
      Self.expect(tally.confusion(level), entries, tally, "seed \(seed)") {
        $0.decision.outcome >= level.outcome
      }
      let rows = tally.sweep(level)
      #expect(rows.map(\.threshold) == rows.map(\.threshold).sorted())
      #expect(rows.contains { $0.threshold == (level == .blocked ? 80 : 40) })
      for row in rows {
        let (review, block) = level == .blocked ? (row.threshold, row.threshold) : (row.threshold, .max)
        Self.expect(row.confusion, entries, tally, "seed \(seed), \(level) at \(row.threshold)") {
          Self.outcome($0.decision, review: review, block: block) >= level.outcome
        }
        let direct = tally.confusion(level, at: Thresholds(review: review, block: block))
        #expect(direct.raised.events == row.confusion.raised.events)
      }
    }
  }

  @Test(arguments: seeds) func rulesAreWorthWhatOnlyTheyCatch(seed: UInt64) throws {
    let stream = try WorthStream(seed: seed, count: 1_500, saysHonest: true)
    let (tally, entries) = (stream.recorder.tally, stream.entries)
    #expect(tally.rules.map(\.id) == WorthStream.ruleIDs)
    for (worth, id) in zip(tally.ruleWorths, WorthStream.ruleIDs) {
      let remark: Comment = "seed \(seed), rule \(id)"
      let isShadow = id.hasPrefix("shadow")
      func fired(_ entry: WorthStream.Entry) -> Bool {
        entry.decision.reasons.contains { $0.rule == id } || entry.decision.shadow.contains { $0.rule == id }
      }
      Self.expect(worth.fired, entries, tally, remark, isRaised: fired)
      for level in CatchLevel.allCases {
        let only = entries.filter { entry in
          guard fired(entry) else { return false }
          let other = Self.outcome(entry.decision, without: isShadow ? nil : id, with: isShadow ? id : nil)
          let (with, without) = isShadow ? (other, entry.decision.outcome) : (entry.decision.outcome, other)
          return with >= level.outcome && without < level.outcome
        }
        Self.expect(worth.marginal[level] ?? StakesByTruth(), only, tally, remark)
      }
    }
    for first in tally.rules.indices {
      for second in tally.rules.indices where first < second {
        let both = entries.filter { entry in
          let fired = Set(entry.decision.reasons.map(\.rule) + entry.decision.shadow.map(\.rule))
          return fired.isSuperset(of: [WorthStream.ruleIDs[first], WorthStream.ruleIDs[second]])
        }
        let found = tally.overlaps[RulePair(first: first, second: second)]
        Self.expect(found ?? StakesByTruth(), both, tally, "seed \(seed), \(first) and \(second)")
      }
    }
  }

  @Test(arguments: seeds) func kindsOfFraudAreCounted(seed: UInt64) throws {
    let stream = try WorthStream(seed: seed, count: 1_500, saysHonest: true)
    let (recorder, entries) = (stream.recorder, stream.entries)
    let names = try #require(recorder.labels).kinds
    #expect(Set(names) == ["ring", "bot", "fraud"])
    for worth in recorder.tally.fraudWorths {
      let word = names[worth.kind] == "fraud" ? "true" : names[worth.kind]
      let ofKind = entries.filter { $0.label == word }
      for (stake, outcome) in [
        (worth.blocked, Outcome.block), (worth.reviewed, .review), (worth.allowed, .allow),
      ] {
        #expect(Plain(stake, recorder.tally) == Plain(ofKind.filter { $0.decision.outcome == outcome }))
      }
    }
  }

  /// Beyond the limit outcomes at any thresholds stay exact; only rules are no longer told apart.
  @Test func tooManyKindsAreMerged() throws {
    let stream = try WorthStream(seed: 7, count: 1_500, saysHonest: true)
    var merged = Tally(try RuleSet.fromFiles(WorthStream.rules), kindsMax: 20)
    for entry in stream.entries {
      merged.count(entry.decision, type: 0, label: entry.label == "honest" ? .honest : .fraud(kind: 0))
    }
    #expect(merged.mergedCount > 500)
    #expect(merged.eventCount == stream.entries.count)
    let ten = merged.ruleWorths[0].fired.raised.events
    #expect(ten > 0 && ten < stream.entries.count { $0.decision.reasons.contains { $0.rule == "ten" } })
    for row in merged.sweep(.blocked) {
      let raised = stream.entries.count {
        Self.outcome($0.decision, review: row.threshold, block: row.threshold) == .block
      }
      #expect(row.confusion.raised.events == raised)
    }
  }

  @Test func sharesHaveIntervalsThatHoldForFewEvents() throws {
    #expect(Rate(0, of: 0).value == nil)
    #expect(Rate(0, of: 0).interval == nil)
    // Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (part, whole, low, high) in [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
    ] {
      let interval = try #require(Rate(part, of: whole).interval)
      #expect(abs(interval.lowerBound - low) < 0.00006)
      #expect(abs(interval.upperBound - high) < 0.00006)
    }
  }
}
