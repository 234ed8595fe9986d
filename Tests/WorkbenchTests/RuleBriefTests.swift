import Assay
import RuleSets
import TestSupport
import Testing
import Workbench

/// What one rule said, in a few lines.
@Suite struct RuleBriefTests {
  private static func briefs(_ json: String, _ ids: [String], width: Int = 100) throws -> [String] {
    let rules = try RuleSet.small(
      types: "a, b",
      fields: """
          user: {type: string, required: true}
          x: {type: int}
          y: {type: int}
          span: {type: int}
          secret: {type: string, sensitive: true}

        """,
      features: """
          n: {count: a, by: user, over: 1h}

        """,
      rules: """
          - {id: all, title: T, family: velocity, on: a, when: x > 1 && y > 5 && n < 9, on_missing: skip, score: 1}
          - {id: any, title: T, family: velocity, on: a, when: x > 100 || y > 1 || n > 100, on_missing: skip, score: 1}
          - {id: one, title: T, family: velocity, on: a, when: n > 0, score: 1, status: shadow}
          - {id: other, title: T, family: velocity, on: b, when: n > 0, score: 1}
          - {id: later, title: T, family: velocity, on: a, when: n > 0, score: 1, from: 2030-01-01T00:00:00Z}
          - {id: deep, title: T, family: velocity, on: a, when: (x > 1 || y > 9) && !(y > 1), on_missing: skip, score: 1}
          - {id: hidden, title: T, family: velocity, on: a, when: secret != "z", on_missing: skip, score: 1}

        """)
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    let decided = try engine.examine(Array(json.utf8).span)
    let names = SlotNames(rules)
    return ids.flatMap { RuleBrief($0, of: decided, rules: rules, names: names).lines(width: width) }
  }

  private static func event(_ members: String, type: String = "a") -> String {
    #"{"id":"e","type":"\#(type)","time":"2026-01-05T10:00:00Z","user":"u"\#(members)}"#
  }

  @Test func onlyWhatDecidedIsShown() throws {
    let found = try Self.briefs(
      Self.event(#","x":2,"y":3,"secret":"abc""#), ["all", "any", "one", "deep", "hidden"])
    #expect(
      found == [
        "did not fire", "  FAIL           y > 5   3, fires above 5: 2 short",
        "fired", "  PASS           y > 1   3, fires above 1: 2 over",
        "fired, in shadow", "  PASS           n > 0   1, fires above 0: 1 over",
        "did not fire", "  FAIL           !(y > 1)", "    PASS           (y > 1)   3, holds above 1: 2 over",
        "fired", "  PASS           secret != \"z\"   secret = ***",
      ])
  }

  @Test func whatHasNoAnswerSaysWhy() throws {
    let found = try Self.briefs(Self.event(#","x":2"#), ["all", "later", "other", "nothing"])
    #expect(
      found == [
        "no answer: `y` is missing", "  UNKNOWN        y > 5   y is missing",
        "left out: it holds from 2030-01-01T00:00:00Z on", "not asked", "not asked",
      ])
    #expect(try Self.briefs(Self.event("", type: "b"), ["other"]).first == "did not fire")
  }

  @Test func linesKeepToTheirWidth() throws {
    let found = try Self.briefs(Self.event(#","x":0,"y":0"#), ["all", "any", "deep"], width: 40)
    #expect(found.allSatisfy { $0.count <= 40 } && found.count > 8, "\(found)")
  }
}
