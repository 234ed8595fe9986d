import Assay
import CEL
import RuleSets
import TestSupport
import Testing
import Windows

/// Ways around a rule that must not work.
struct EvasionTests {
  private static let schema = """
    event: {id: id, type: type, time: time, reverses: reverses, amends: amends}
    types: [pay, label]
    fields:
      user.id: {type: string, required: true}
      device.id: {type: string}
      device.level: {type: int}
      device.kind: {enum: [PHONE, TABLET]}
      label.fraud: {type: int}
    """

  private func engine(
    rules: String, features: String = "n: {count: pay, by: user.id, over: 1h, export: true}",
    bytesMax: Int = 1 << 26
  ) throws -> Engine<MemoryWindows> {
    let set = try RuleSet.fromFiles([
      "ruleset.yaml": SmallRules.head, "schema.yaml": Self.schema,
      "features.yaml": "features:\n" + features.split(separator: "\n").map { "  \($0)\n" }.joined(),
      "rules/all.yaml": "rules:\n" + rules,
    ])
    return Engine(rules: set, options: EngineOptions(clock: .replay, allFeatures: true), bytesMax: bytesMax)
  }

  private func rule(_ keys: String) -> String {
    "  - {id: r, title: T, family: velocity, on: pay, \(keys)}\n"
  }

  private func event(_ id: String, type: String = "pay", at time: String = "12:00:00", _ members: String = "")
    -> String
  {
    #"{"id":"\#(id)","type":"\#(type)","time":"2026-01-05T\#(time)Z","user.id":"u"\#(members)}"#
  }

  @Test func leavingOutTheKeyOfASampleDoesNotSilenceItsRule() throws {
    let engine = try engine(
      rules: rule("when: 'true', decide: block, sample: {percent: 100, of: device.id}, on_missing: review"))
    let without = try engine.decide(event("a"))
    #expect(without.outcome == .review)
    #expect(without.notEvaluated.first?.field == "device.id" && without.notEvaluated.first?.cause == .missing)
    #expect(try engine.decide(event("b", #","device.id":"d""#)).outcome == .block)
  }

  @Test func suppressionsMatchByTheFieldsType() throws {
    for (field, value, member) in [
      ("device.level", "7", #","device.level":7"#), ("device.kind", "TABLET", #","device.kind":"TABLET""#),
    ] {
      let engine = try engine(
        rules: rule(
          "when: 'true', decide: block, suppress: [{field: \(field), equals: \(value), until: 2027-01-01T00:00:00Z, reason: known}]"
        ))
      #expect(try engine.decide(event("a", member)).outcome == .allow, "\(field)")
      #expect(try engine.decide(event("b")).outcome == .block, "\(field)")
    }
  }

  @Test func anEventCannotReverseItself() throws {
    let engine = try engine(rules: rule("when: n > 2, score: 50"))
    for key in ["reverses", "amends"] {
      #expect { _ = try engine.decide(event("a", #","\#(key)":"a""#)) } throws: { error in
        let refusal = error as? EventRefusal
        return refusal?.code == "about-itself" && refusal?.field == key
          && refusal?.message == "an event cannot reverse or amend itself"
      }
    }
  }

  @Test func aLabelChangesWhatIsComputedFromIt() throws {
    let features = """
      risk: {share: label.fraud == 1, of: pay, by: user.id, over: 24h, export: true}
      mean: {mean: label.fraud, of: pay, by: user.id, over: 24h, export: true}
      pays: {count: any, where: event.type == "pay", by: user.id, over: 24h, export: true}
      hours: {distinct: event.time.getHours(), of: pay, by: user.id, over: 24h, export: true}
      """
    let engine = try engine(rules: rule("when: risk > 0.4, score: 50"), features: features)
    _ = try engine.decide(event("a", at: "10:00:00", #","label.fraud":0"#))
    _ = try engine.decide(event("b", at: "11:00:00", #","label.fraud":0"#))
    let label = try engine.decide(
      event("l", type: "label", at: "20:00:00", #","label.fraud":1,"amends":"a""#))
    #expect(label.features.map(\.value) == [.double(0.5), .double(0.5), .int(2), .int(2)])
  }

  @Test func aShadowRuleWithoutStateChangesNothing() throws {
    let rules =
      "  - {id: live, title: T, family: velocity, on: pay, when: device.level == 9, decide: block, on_missing: skip}\n"
      + "  - {id: dark, title: T, family: velocity, on: pay, when: n > 100, decide: block, status: shadow}\n"
    let features = """
      n: {count: pay, by: user.id, over: 1h}
      accepted: {count: pay, by: device.id, over: 1h, counting: accepted, export: true}
      """
    let engine = try engine(rules: rules, features: features, bytesMax: 300_000)
    for number in 0..<4_000 {
      _ = try engine.decide(
        #"{"id":"e\#(number)","type":"pay","time":"2026-01-05T12:00:00Z","user.id":"user-\#(number)"}"#)
    }
    #expect(engine.store.statistics.evictedEntities > 0)
    let json = #"{"id":"x","type":"pay","time":"2026-01-05T12:00:00Z","user.id":"someone","device.level":9}"#
    let blocked = try engine.decide(json)
    #expect(blocked.outcome == .block && blocked.degraded == nil)
    #expect(try engine.decide(json).repeated)
  }

  @Test func aFullWindowShowsWhetherARuleFiredOrNot() throws {
    let engine = try engine(
      rules: rule("when: n > 7 && device.level > 0, score: 50, on_missing: skip"),
      features: "n: {count: pay, by: user.id, over: 1h, limit: 8}")
    for number in 0..<8 { #expect(try engine.decide(event("\(number)")).saturated.isEmpty) }
    let decision = try engine.decide(event("8", #","device.kind":"FRIDGE""#))
    #expect(decision.saturated == ["n"] && decision.unlisted == ["device.kind"])
    let text = String(decoding: decision.json, as: UTF8.self)
    #expect(text.contains(#""saturated":["n"],"unlisted":["device.kind"]"#))
    #expect(try engine.decide(event("8", #","device.kind":"FRIDGE""#)).unlisted == ["device.kind"])
  }

  @Test func aBuilderServesAnyNumberOfEvents() throws {
    let engine = try engine(rules: rule("when: n > 100, score: 50"))
    var builder = engine.makeEventBuilder()
    let long = String(repeating: "x", count: 1_000)
    for number in 0..<10_000 {
      try builder.set("user.id", .string("user-\(number % 3)"))
      try builder.set("device.id", .string(long + "\(number)"))
    }
    let event = try builder.build(id: "e", type: "pay", milliseconds: 1_767_614_400_000)
    #expect(event.frame.arena.count < 20_000)
    let fromJSON = try engine.decode(
      Array(
        #"{"id":"e","type":"pay","time":"2026-01-05T12:00:00Z","user.id":"user-0","device.id":"\#(long)9999"}"#
          .utf8
      ).span)
    #expect(fromJSON.digest == event.digest)
  }
}
