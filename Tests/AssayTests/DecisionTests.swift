import Assay
import RuleSets
import TestSupport
import Testing

/// The decision as bytes: what callers parse and what stores remember.
struct DecisionTests {
  @Test func theJSONHasItsMembersInOrder() throws {
    let engine = try Engine(rules: SmallRules.load(), options: EngineOptions(clock: .replay))
    _ = try engine.decide(#"{"id":"a","type":"payout","time":"2026-01-05T12:00:00Z","user":"u"}"#)
    let decision = try engine.decide(
      #"{"id":"b","type":"payout","time":"2026-01-05T12:00:01.500Z","user":"u","payout.amount":7}"#)
    let version = engine.rules.version
    #expect(
      String(decoding: decision.json, as: UTF8.self) == """
        {"event":"b","outcome":"review","score":50,\
        "reasons":[{"rule":"second","score":50,"text":"2 payouts, 1.5s after the last"}],\
        "shadow":[{"rule":"watch-amount","score":10}],"not_evaluated":[],\
        "features":{"payouts_1h":2,"since_last_payout":"1.5s"},\
        "ruleset":{"name":"small","version":"\(version)"},"degraded":false,"repeated":false}
        """)
  }

  /// Machines get seconds, readers the units of rule files.
  @Test func spansOfTimeAreForTheirReaders() throws {
    let engine = try Engine(rules: SmallRules.load(), options: EngineOptions(clock: .replay))
    _ = try engine.decide(#"{"id":"a","type":"payout","time":"2026-01-05T12:00:00Z","user":"u"}"#)
    let decision = try engine.decide(#"{"id":"b","type":"payout","time":"2026-01-05T12:45:30Z","user":"u"}"#)
    #expect(decision.reasons.map(\.text) == ["2 payouts, 45m30s after the last"])
    #expect(String(decoding: decision.json, as: UTF8.self).contains(#""since_last_payout":"2730s""#))
  }

  /// Whatever a store hands back: another decision or none, never a trap.
  @Test func damagedRecordsAreRefused() throws {
    let engine = try Engine(
      rules: SmallRules.load(), options: EngineOptions(clock: .replay, allFeatures: true))
    _ = try engine.decide(#"{"id":"a","type":"payout","time":"2026-01-05T12:00:00Z","user":"u"}"#)
    let decision = try engine.decide(
      #"{"id":"b","type":"payout","time":"2026-01-05T12:00:01Z","user":"u","payout.amount":7}"#)
    let record = decision.record
    #expect(Decision(record: record) == decision)
    for length in 0..<record.count { #expect(Decision(record: Array(record[..<length])) == nil) }
    let seed = UInt64.random(in: 0 ... .max)
    print("damaged records: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var refused = 0
    for _ in 0..<20_000 {
      var damaged = record
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Decision(record: damaged) == nil { refused += 1 }
    }
    #expect(refused > 1_000, "seed \(seed)")
  }

  @Test func textIsEscaped() throws {
    let engine = try Engine(rules: SmallRules.load(), options: EngineOptions(clock: .replay))
    let decision = try engine.decide(
      #"{"id":"q\"\\é","type":"payout","time":"2026-01-05T12:00:00Z","user":"u"}"#)
    #expect(String(decoding: decision.json, as: UTF8.self).hasPrefix(#"{"event":"q\"\\é","outcome":"allow""#))
  }

  @Test func aRetryGetsTheRememberedDecisionBackWhole() throws {
    let engine = try Engine(
      rules: SmallRules.load(), options: EngineOptions(clock: .replay, allFeatures: true))
    var random = SeededGenerator(seed: 11)
    for number in 0..<500 {
      let amount =
        Bool.random(using: &random) ? #","payout.amount":\#(Int.random(in: -9...9, using: &random))"# : ""
      let json =
        #"{"id":"e\#(number)","type":"payout","time":"2026-01-05T12:00:00Z","user":"u\#(number % 7)"\#(amount)}"#
      let first = try engine.decide(json)
      let again = try engine.decide(json)
      #expect(!first.repeated && again.repeated)
      let asFirst = String(decoding: first.json, as: UTF8.self)
      #expect(
        String(decoding: again.json, as: UTF8.self)
          == asFirst.replacing(#""repeated":false"#, with: #""repeated":true"#))
    }
  }
}
