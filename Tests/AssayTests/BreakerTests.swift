import Assay
import RuleSets
import TestSupport
import Testing
import Windows

/// Blocks that become reviews because there are too many: the rule set's `breaker`.
struct BreakerTests {
  private static let rules = """
    rules:
      - {id: big, title: T, family: velocity, on: payout, when: payout.amount > 100, decide: block}

    """

  /// The day of all events.
  private static let midnight: Int64 = 1_767_571_200_000

  private static func load(_ breaker: String) throws -> RuleSet {
    try SmallRules.load(rules: rules, head: SmallRules.head + "\nbreaker: \(breaker)\n")
  }

  private static func event(_ id: Int, at milliseconds: Int64, blocks: Bool, _ more: String = "") -> String {
    let second = milliseconds / 1_000
    let parts = [second / 3_600, second / 60 % 60, second % 60].map { String($0 + 100).dropFirst() }
    let time =
      "2026-01-05T\(parts.joined(separator: ":")).\(String(milliseconds % 1_000 + 1_000).dropFirst())Z"
    return
      #"{"id":"e\#(id)","type":"payout","time":"\#(time)","user":"u","payout.amount":\#(blocks ? 101 : 1)\#(more)}"#
  }

  /// The definition: an event counts at its own time or at that of the newest before it, whichever is later.
  private static func isChanged(
    _ events: [(time: Int64, blocks: Bool)], _ index: Int, _ percent: Int, _ within: Int64, _ least: Int
  ) -> Decision.BreakerChange? {
    let width = within / 60
    var newest = Int64.min
    let slices = events[...index].map { event in
      newest = max(newest, (midnight + event.time) / width)
      return newest
    }
    let counted = zip(events, slices).filter { $0.1 > newest - 60 }.map(\.0)
    let blocks = counted.count(where: \.blocks)
    guard events[index].blocks, counted.count >= least, blocks * 100 > counted.count * percent else {
      return nil
    }
    return Decision.BreakerChange(insteadOf: .block, blocks: blocks, decisions: counted.count)
  }

  @Test func theShareIsThatOfTheDefinition() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    var changes = 0
    for _ in 0..<30 {
      let percent = Int.random(in: 0...60, using: &random)
      let within = Int64.random(in: 1...300, using: &random) * 1_000
      let least = Int.random(in: 1...40, using: &random)
      let engine = Engine(
        rules: try Self.load("{percent: \(percent), within: \(within / 1_000)s, at_least: \(least)}"),
        options: EngineOptions(clock: .replay))
      var now: Int64 = 0
      let share = Double.random(in: 0...0.8, using: &random)
      let events = (0..<200).map { _ in
        now += Int64.random(in: 0...(within / 20), using: &random)
        let late = Int.random(in: 0..<10, using: &random) == 0 ? min(now, within / 3) : 0
        return (time: now - late, blocks: Double.random(in: 0..<1, using: &random) < share)
      }
      for (index, event) in events.enumerated() {
        let decision = try engine.decide(Self.event(index, at: event.time, blocks: event.blocks))
        let expected = Self.isChanged(events, index, percent, within, least)
        #expect(decision.breaker == expected, "seed \(seed), event \(index)")
        #expect(decision.outcome == (event.blocks ? expected == nil ? .block : .review : .allow))
        changes += expected == nil ? 0 : 1
      }
    }
    #expect(changes > 100, "seed \(seed)")
  }

  /// A retry gets what was answered, and counts no second time; a dry run shows what would be, and counts not at all.
  @Test func retriesAndTrialsCountNothing() throws {
    let engine = Engine(
      rules: try Self.load("{percent: 50, within: 1m, at_least: 2}"), options: EngineOptions(clock: .replay))
    let first = try engine.decide(Self.event(1, at: 0, blocks: true))
    #expect(first.outcome == .block && first.breaker == nil)
    let trial = try engine.decide(Self.event(9, at: 0, blocks: true, #","dry_run":true"#))
    #expect(trial.breaker == Decision.BreakerChange(insteadOf: .block, blocks: 2, decisions: 2))
    let second = try engine.decide(Self.event(2, at: 0, blocks: true))
    #expect(second.breaker == Decision.BreakerChange(insteadOf: .block, blocks: 2, decisions: 2))
    #expect(second.outcome == .review)
    let again = try engine.decide(Self.event(2, at: 0, blocks: true))
    #expect(again.repeated && again.breaker == second.breaker && again.outcome == .review)
    let text = String(decoding: again.json, as: UTF8.self)
    #expect(
      text.contains(
        #""breaker":{"instead_of":"block","blocks":2,"decisions":2},"degraded":false,"repeated":true"#),
      "\(text)")
    #expect(try engine.decide(Self.event(3, at: 0, blocks: false)).breaker == nil)
    // Three of four were blocks; when they are a minute old the next one stands.
    #expect(try engine.decide(Self.event(4, at: 61_000, blocks: true)).outcome == .block)
  }

  /// Engines made of the same options go on counting: what a reload and several event loops need.
  @Test func enginesShareWhatWasCounted() throws {
    let options = EngineOptions(clock: .replay)
    let rules = try Self.load("{percent: 0, within: 1m, at_least: 3}")
    var engine = Engine(rules: rules, options: options)
    #expect(try engine.decide(Self.event(1, at: 0, blocks: true)).outcome == .block)
    #expect(try engine.decide(Self.event(2, at: 0, blocks: true)).outcome == .block)
    engine = Engine(rules: rules, options: options)
    #expect(try engine.decide(Self.event(3, at: 0, blocks: true)).outcome == .review)
    engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    #expect(try engine.decide(Self.event(4, at: 0, blocks: true)).outcome == .block)
  }

  /// What counts accepted events only counts what the breaker let through.
  @Test func aBlockThatBecameAReviewIsAccepted() throws {
    let head = SmallRules.head + "\nbreaker: {percent: 0, within: 1m, at_least: 2}\n"
    let rules = try SmallRules.load(rules: Self.rules, head: head)
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay, allFeatures: true))
    #expect(try engine.decide(Self.event(1, at: 0, blocks: true)).outcome == .block)
    #expect(try engine.decide(Self.event(2, at: 1, blocks: true)).outcome == .review)
    let third = try engine.decide(Self.event(3, at: 2, blocks: false))
    // The second and this one.
    #expect(third.features.first { $0.name == "accepted_1h" }?.value == .int(2))
  }
}
