import Assay
import Foundation
import RuleSets
import TestSupport
import Testing
import Windows

/// What an engine does with a store that fails, and with one that answers later.
struct StoreTests {
  private static let payout = #"{"id":"a","type":"payout","time":"2026-01-05T12:00:00Z","user":"u"}"#
  private static let rules = """
    rules:
      - {id: counting, title: T, family: velocity, on: payout, when: payouts_1h > 3, score: 10}
      - {id: stateless, title: T, family: velocity, on: payout, when: user == "u", score: 10}
    """

  /// The windows in memory, out of order or slow.
  private struct Wrapped: WindowStore {
    enum Manner { case failing, later }
    let manner: Manner
    let memory = MemoryWindows(bytesMax: 1 << 20)

    func exchange(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void) -> Visit? {
      switch manner {
      case .failing:
        visit.failure = StoreFailure(code: .unavailable, message: "the store is away")
        return visit
      case .later:
        let answered = memory.exchange(visit, resume: { _ in })
        DispatchQueue.global().async { if let answered { resume(answered) } }
        return nil
      }
    }

    func exclude(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void) -> Visit? {
      let settled = memory.exclude(visit, resume: { _ in })
      DispatchQueue.global().async { if let settled { resume(settled) } }
      return nil
    }

    func remember(_ visit: borrowing Visit, decision: [UInt8]) { memory.remember(visit, decision: decision) }
  }

  private func decide(
    _ manner: Wrapped.Manner, rules: String = StoreTests.rules, head: String = SmallRules.head,
    events: [String] = [StoreTests.payout]
  ) async throws -> [Decision] {
    let engine = try Engine(
      rules: SmallRules.load(rules: rules, head: head), store: Wrapped(manner: manner),
      options: EngineOptions(clock: .replay, allFeatures: true))
    var decisions: [Decision] = []
    for json in events {
      let event = try engine.decode(Array(json.utf8).span)
      let answer = await withCheckedContinuation { continuation in
        let answer = engine.submit(event) { continuation.resume(returning: $0) }
        if let answer { continuation.resume(returning: answer) }
      }
      decisions.append(try answer.get())
    }
    return decisions
  }

  @Test(arguments: [
    (SmallRules.head, "", Outcome.review), (SmallRules.head + "\nunavailable: block", "", .block),
    (SmallRules.head + "\nunavailable: allow", "", .allow), (SmallRules.head, ", unavailable: block", .block),
    (SmallRules.head, ", unavailable: allow", .allow), (SmallRules.head, ", status: shadow", .allow),
  ])
  func unreadableStateSetsTheFloorOfItsRules(head: String, keys: String, expected: Outcome) async throws {
    let rules = Self.rules.replacingOccurrences(
      of: "payouts_1h > 3, score: 10", with: "payouts_1h > 3, score: 10\(keys)")
    let decision = try #require(try await decide(.failing, rules: rules, head: head).first)
    #expect(decision.outcome == expected)
    #expect(decision.degraded == "the store is away")
    #expect(decision.reasons.map(\.rule) == ["stateless"], "what needs no state is decided all the same")
    #expect(decision.notEvaluated.map(\.rule) == ["counting"])
    #expect(decision.notEvaluated.first?.cause == .unavailable)
    #expect(decision.notEvaluated.first?.field == "payouts_1h")
    #expect(
      String(decoding: decision.json, as: UTF8.self).contains(#""degraded":true,"why":"the store is away""#))
  }

  @Test func aDegradedDecisionIsNotRemembered() async throws {
    let decisions = try await decide(.failing, events: [Self.payout, Self.payout])
    #expect(decisions.allSatisfy { !$0.repeated })
  }

  @Test func aStoreThatAnswersLaterGivesTheSameBytes() async throws {
    let rules =
      Self.rules
      + "\n  - {id: all, title: T, family: velocity, on: payout, when: payouts_1h == 2, decide: block}"
    let events = (0..<6).map {
      #"{"id":"e\#($0 % 5)","type":"payout","time":"2026-01-05T12:00:0\#($0 % 5)Z","user":"u"}"#
    }
    let later = try await decide(.later, rules: rules, events: events)
    let memory = try Engine(
      rules: SmallRules.load(rules: rules), options: EngineOptions(clock: .replay, allFeatures: true))
    let now = try events.map { try memory.decide($0) }
    #expect(later.map(\.json) == now.map(\.json))
    #expect(now.map(\.outcome) == [.allow, .block, .allow, .allow, .allow, .allow])
    #expect(now.map(\.repeated) == [false, false, false, false, false, true])
    #expect(
      now[2].features.first { $0.name == "accepted_1h" }?.value == .int(2), "the blocked one does not count")
  }

  @Test func aBuiltEventIsTheSameAsItsJSON() throws {
    let engine = try Engine(rules: SmallRules.load(), options: EngineOptions(clock: .replay))
    _ = try engine.decide(Self.payout)
    var builder = engine.makeEventBuilder()
    try builder.set("user", "u")
    let built = try builder.build(id: "a", type: "payout", milliseconds: 1_767_614_400_000)
    #expect(try engine.decide(built).repeated)
  }

  @Test func anEvictedEntityIsUnknownAndNeverEmpty() throws {
    let engine = try Engine(
      rules: SmallRules.load(rules: Self.rules), options: EngineOptions(clock: .replay), bytesMax: 300_000)
    var evicted = 0
    for number in 0..<4_000 {
      let decision = try engine.decide(
        #"{"id":"e\#(number)","type":"payout","time":"2026-01-05T12:00:00Z","user":"user-\#(number)"}"#)
      guard let unknown = decision.notEvaluated.first else { continue }
      evicted += 1
      #expect(unknown.cause == .evicted && decision.outcome == .review && decision.degraded != nil)
    }
    #expect(evicted > 1_000)
    #expect(engine.store.statistics.evictedEntities > 1_000)
  }
}
