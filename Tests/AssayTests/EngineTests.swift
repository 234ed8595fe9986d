import Assay
import RuleSets
import TestSupport
import Testing
import Windows

/// How rules become a decision: design section 8.
struct EngineTests {
  private static let noon = "2026-01-05T12:00:00Z"

  private func decide(_ rules: String, head: String = SmallRules.head, _ members: String = "") throws
    -> Decision
  {
    let engine = try Engine(
      rules: SmallRules.load(rules: rules, head: head), options: EngineOptions(clock: .replay))
    return try engine.decide(#"{"id":"a","type":"payout","time":"\#(Self.noon)","user":"u"\#(members)}"#)
  }

  private func rule(_ id: String, _ keys: String, when condition: String = "payout.amount > 0") -> String {
    "  - {id: \(id), title: T, family: velocity, on: payout, when: '\(condition)', \(keys)}\n"
  }

  @Test(arguments: [
    (["score: 39"], Outcome.allow), (["score: 40"], .review), (["score: 39", "score: 1"], .review),
    (["score: 80"], .block), (["score: 40", "score: 40"], .block), (["decide: review"], .review),
    (["decide: block"], .block), (["score: 90", "decide: allow"], .allow),
    (["decide: block", "decide: allow"], .block),
    (["decide: review", "decide: allow", "score: 80"], .review),
    (["score: 100, status: shadow"], .allow), (["decide: block, status: shadow"], .allow),
    (["score: 100, status: off"], .allow),
  ])
  func scoresAndOutrightDecisionsCombine(rules: [String], expected: Outcome) throws {
    let text = rules.enumerated().map { rule("r\($0.offset)", $0.element) }.joined()
    #expect(try decide("rules:\n" + text, #","payout.amount":1"#).outcome == expected)
  }

  @Test(arguments: [
    ("score: 1", Outcome.allow), ("score: 1, on_missing: review", .review),
    ("score: 1, on_missing: block", .block),
    ("score: 1, on_missing: block, status: shadow", .allow),
  ])
  func aMissingFieldSetsTheFloorThatItsRuleSays(keys: String, expected: Outcome) throws {
    let decision = try decide("rules:\n" + rule("r", keys) + rule("pass", "decide: allow", when: "true"))
    #expect(decision.outcome == expected)
    #expect(decision.notEvaluated.map(\.rule) == ["r"])
    #expect(decision.notEvaluated.first?.cause == .missing)
    #expect(decision.notEvaluated.first?.field == "payout.amount")
  }

  @Test(arguments: [
    ("score: 1", Outcome.review), ("score: 1, on_error: skip", .allow), ("score: 1, on_error: block", .block),
  ])
  func aFailedExpressionIsNeverAllowInSilence(keys: String, expected: Outcome) throws {
    let decision = try decide(
      "rules:\n" + rule("r", keys, when: "1 / payout.amount > 0"), #","payout.amount":0"#)
    #expect(decision.outcome == expected)
    #expect(decision.notEvaluated.first?.cause == .error)
    #expect(decision.notEvaluated.first?.detail?.contains("zero") == true)
  }

  @Test func anUnknownThatDoesNotMatterIsAbsorbed() throws {
    let decision = try decide("rules:\n" + rule("r", "score: 50", when: "payout.amount > 0 || true"))
    #expect(decision.outcome == .review && decision.notEvaluated.isEmpty)
  }

  @Test func datesAreComparedWithTheEventsOwnTime() throws {
    for (keys, fires) in [
      ("from: 2026-01-05T12:00:00Z", true), ("from: 2026-01-05T12:00:01Z", false),
      ("until: 2026-01-05T12:00:00Z", false), ("until: 2026-01-05T12:00:01Z", true),
    ] {
      let decision = try decide("rules:\n" + rule("r", "score: 50, \(keys)", when: "true"))
      #expect((decision.score == 50) == fires, "\(keys)")
    }
  }

  @Test func aSuppressionEndsAndIsForItsKeyOnly() throws {
    for (keys, fires) in [
      ("{field: user, equals: u, until: 2026-01-06T00:00:00Z, reason: known}", false),
      ("{field: user, equals: v, until: 2026-01-06T00:00:00Z, reason: known}", true),
      ("{field: user, equals: u, until: 2026-01-05T12:00:00Z, reason: known}", true),
    ] {
      let decision = try decide("rules:\n" + rule("r", "score: 50, suppress: [\(keys)]", when: "true"))
      #expect((decision.score == 50) == fires, "\(keys)")
    }
  }

  @Test func aWiderSampleKeepsItsMembers() throws {
    var members: [Int: Set<Int>] = [:]
    for percent in [10, 30] {
      let engine = try Engine(
        rules: SmallRules.load(
          rules: "rules:\n" + rule("r", "score: 50, sample: {percent: \(percent), of: user}", when: "true")),
        options: EngineOptions(clock: .replay))
      for user in 0..<2_000 {
        let decision = try engine.decide(
          #"{"id":"\#(user)","type":"payout","time":"\#(Self.noon)","user":"user-\#(user)"}"#)
        if decision.score == 50 { members[percent, default: []].insert(user) }
      }
    }
    let (tenth, third) = (members[10] ?? [], members[30] ?? [])
    #expect(tenth.isSubset(of: third))
    #expect((150...250).contains(tenth.count) && (530...670).contains(third.count))
  }

  @Test func otherEventTypesAreNotLookedAt() throws {
    let engine = try Engine(rules: SmallRules.load(), options: EngineOptions(clock: .replay))
    let login = try engine.decide(
      #"{"id":"a","type":"login","time":"\#(Self.noon)","user":"u","payout.amount":9}"#)
    #expect(login.shadow.isEmpty && login.reasons.isEmpty)
  }

  @Test func aDryRunLeavesNoTrace() throws {
    let engine = try Engine(
      rules: SmallRules.load(), options: EngineOptions(clock: .replay, allFeatures: true))
    func payout(_ id: String, _ members: String = "") throws -> Decision {
      try engine.decide(#"{"id":"\#(id)","type":"payout","time":"\#(Self.noon)","user":"u"\#(members)}"#)
    }
    let dry = try payout("a", #","dry_run":true"#)
    #expect(dry.dryRun && dry.features.first?.value == .int(1))
    let real = try payout("a")
    #expect(!real.repeated && !real.dryRun && real.features.first?.value == .int(1))
    #expect(try payout("b", #","dry_run":true"#).score == 50)
    #expect(try payout("c").score == 50)
  }

  @Test func oneIdHasOneContent() throws {
    let engine = try Engine(rules: SmallRules.load(), options: EngineOptions(clock: .replay))
    _ = try engine.decide(#"{"id":"a","type":"payout","time":"\#(Self.noon)","user":"u"}"#)
    #expect {
      _ = try engine.decide(#"{"id":"a","type":"payout","time":"\#(Self.noon)","user":"v"}"#)
    } throws: { error in
      let refusal = error as? EventRefusal
      return refusal?.code == "conflict"
        && refusal?.message == "the id `a` was seen before with other content"
    }
    let other = try engine.decide(#"{"id":"b","type":"payout","time":"\#(Self.noon)","user":"v"}"#)
    #expect(other.score == 0)
  }

  @Test func aLiveEngineRefusesTheFarFuture() throws {
    let engine = try Engine(
      rules: SmallRules.load(), options: EngineOptions(clock: .live(nowMilliseconds: { 1_000_000 })))
    func payout(_ time: String) throws -> Decision {
      try engine.decide(#"{"id":"\#(time)","type":"payout","time":"\#(time)","user":"u"}"#)
    }
    #expect(try payout("1970-01-01T00:21:40Z").outcome == .allow)
    #expect { _ = try payout("1970-01-01T00:21:40.001Z") } throws: { error in
      let refusal = error as? EventRefusal
      return refusal?.code == "too-far-ahead"
        && refusal?.message
          == "the event is dated 300001 ms ahead of the clock, at most 300000 ms are allowed"
    }
  }

  @Test func aBlockedEventDoesNotUseUpTheAllowance() throws {
    let rules = "rules:\n" + rule("all", "decide: block", when: "payout.amount > 5")
    let engine = try Engine(
      rules: SmallRules.load(rules: rules), options: EngineOptions(clock: .replay, allFeatures: true))
    func accepted(_ id: String, amount: Int) throws -> Decision.FeatureValue.Value? {
      let decision = try engine.decide(
        #"{"id":"\#(id)","type":"payout","time":"\#(Self.noon)","user":"u","payout.amount":\#(amount)}"#)
      return decision.features.first { $0.name == "accepted_1h" }?.value
    }
    #expect(try accepted("a", amount: 1) == .int(1))
    #expect(try accepted("b", amount: 9) == .int(2))
    #expect(try accepted("c", amount: 1) == .int(2))
  }

  @Test func sensitiveValuesAreKeysButNeverShown() throws {
    let engine = try Engine(
      rules: SmallRules.load(), options: EngineOptions(clock: .replay, allFeatures: true))
    for user in ["u", "v", "w"] {
      let decision = try engine.decide(
        #"{"id":"\#(user)1","type":"payout","time":"\#(Self.noon)","user":"\#(user)","receiver":"ann@example.com"}"#
      )
      #expect(!String(decoding: decision.json, as: UTF8.self).contains("ann@"))
    }
    let last = try engine.decide(
      #"{"id":"w2","type":"payout","time":"\#(Self.noon)","user":"w","receiver":"ann@example.com"}"#)
    #expect(last.features.first { $0.name == "receiver_users" }?.value == .int(3))
    #expect(last.features.first { $0.name == "last_receiver" }?.value == .masked)
  }

  @Test func manyThreadsSeeEachPayoutOnce() async throws {
    let engine = try Engine(
      rules: SmallRules.load(), options: EngineOptions(clock: .replay, allFeatures: true))
    let counts = try await withThrowingTaskGroup(of: [Int64].self) { group in
      for worker in 0..<8 {
        group.addTask {
          try (0..<250).map { number in
            let decision = try engine.decide(
              #"{"id":"\#(worker)-\#(number)","type":"payout","time":"\#(Self.noon)","user":"u"}"#)
            guard case .int(let count)? = decision.features.first?.value else { return -1 }
            return count
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(counts.sorted() == Array(1...2_000))
  }
}
