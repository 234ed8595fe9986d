import CEL
import CELRegex
import Foundation
import TestSupport
import Testing

/// The flat form of expressions against the tree walker: the same value, or the same error at the same place, or the
/// same missing slots.
@Suite struct CompiledProgramTests {
  /// `ASSAY_CEL_EXPRESSIONS` expressions over a few frames each; `ASSAY_SEED=n` draws the same ones again.
  private static let expressions =
    ProcessInfo.processInfo.environment["ASSAY_CEL_EXPRESSIONS"].flatMap { Int($0) } ?? 10_000
  private static let framesEach = 4

  @Test func agreesWithTheTreeWalker() throws {
    let seed = Seeds.drawn()
    print("compiled expressions: \(Self.expressions) over \(Self.framesEach) frames each, seed \(seed)")
    var source = CompiledExpressions(seed: seed)
    let environment = CompiledExpressions.environment(RE2Engine())
    var (answered, unknown, failed, checked) = (0, 0, 0, 0)
    for round in 0..<Self.expressions {
      let text = source.expression(depth: Int.random(in: 0...4, using: &source.random))
      let expression = try Expression.parse(text)
      var program = Program(unchecked: expression, in: environment)
      if round.isMultiple(of: 2), let passed = try? expression.check(in: environment),
        let sound = try? Program(passed, in: environment)
      {
        program = sound
        checked += 1
      }
      for _ in 0..<Self.framesEach {
        let frame = source.frame()
        let value = Reason.of { try program.evaluate(frame).description }
        let truth = Reason.of { try program.holds(frame).description }
        #expect(value == Reason.of { try program.walk(frame).description }, "seed \(seed): \(text)")
        #expect(truth == Reason.of { try program.walkCondition(frame).description }, "seed \(seed): \(text)")
        if program.isAnsweredFlat(frame) { answered += 1 }
        if truth.hasPrefix("unknown") { unknown += 1 }
        if truth.hasPrefix("error") { failed += 1 }
      }
    }
    print(
      "compiled expressions: \(answered) answered flat, \(unknown) unknown, \(failed) failed, \(checked) checked"
    )
    #expect(answered > Self.expressions && unknown > Self.expressions / 5)
  }

  /// What must not be left to the tree walker: it would still be right, but slow.
  @Test(arguments: [
    "i > 3 && d < 2.5", "d > 900", "s == 'payout.requested' || t in ['a', 'b']",
    "has(user.id) && user.id != s",
    "i in [1, 2, 3] && !b", "d > 3.0 * e", "(i + j) * 2 >= 7", "double(i) / d > 1.5", "size(s) > 3",
    "size(q) > 1",
    "s.startsWith('pay') || s.contains('out') || s.endsWith('d')", "(b ? d : e) > 1.0", "(i > 3) == b",
    "m - n > duration('5s')", "m.getHours() >= 22 || m.getHours('+02:00') < 6", "'a' in q", "s in members",
    "60 * 60 * 24 > i", "s.matches('^a+$')", "u > 3u", "m > timestamp('2024-05-01T10:00:00Z')",
    "p < duration('1h')",
    "int(d) % 10 == 0", "z == 3",
  ])
  func answersFlat(_ text: String) throws {
    let environment = CompiledExpressions.environment(RE2Engine())
    let program = try Program(Expression.parse(text).check(in: environment), in: environment)
    var frame = Frame(slotCount: CompiledExpressions.variables.count)
    let values: [Value] = [
      .int(3), .int(4), .uint(5), .double(1.5), .double(2.5), .string("abc"), .string("b"), .bool(true),
      .bool(false),
      .timestamp(try #require(Timestamp(milliseconds: 0))),
      .timestamp(try #require(Timestamp(milliseconds: 1))),
      .duration(.seconds(1)), .list([.string("a")]), .list([.int(1)]), .string("x"), .int(3),
    ]
    for (slot, value) in values.enumerated() {
      let stored = frame.store(value)
      frame.slots[slot] = stored
    }
    #expect(program.isAnsweredFlat(frame))
    frame.slots = frame.slots.indices.map { _ in .missing }
    #expect(program.isAnsweredFlat(frame))
  }

  /// A budget that is spent is an error on either way, although the flat form skips what it need not ask.
  @Test func spendsNoLessThanTheTreeWalker() throws {
    for (text, length) in [
      ("s.contains('x') && i == 1", 1_000_000), ("s == 'a' || i == 1", 10),
      ("s.contains('xy') && i == 1", 5_000_000),
      ("l.exists(x, x == 2) && i == 1", 10),
    ] {
      for limit in [10, 40, 300, 250_000] {
        var environment = CompiledExpressions.environment(RE2Engine())
        environment.limits.stepsMax = limit
        let program = Program(unchecked: try Expression.parse(text), in: environment)
        var frame = Frame(slotCount: CompiledExpressions.variables.count)
        frame.slots[0] = .int(0)
        let stored = frame.store(String(repeating: "y", count: length))
        frame.slots[5] = stored
        let list = frame.store(Value.list((0..<length.clamped(to: 20)).map { .int(Int64($0)) }))
        frame.slots[13] = list
        #expect(
          Reason.of { try program.holds(frame).description }
            == Reason.of { try program.walkCondition(frame).description }, "\(text), \(limit) steps")
      }
    }
  }

  @Test func countsLongConstantsOfChoices() throws {
    let long = String(repeating: "x", count: 16_000)
    let text = "(b ? '\(long)' : 'y') == (c ? '\(long)' : 'z')"
    var environment = CompiledExpressions.environment(RE2Engine())
    environment.limits.stepsMax = 500
    let program = try Program(Expression.parse(text).check(in: environment), in: environment)
    var frame = Frame(slotCount: CompiledExpressions.variables.count)
    (frame.slots[7], frame.slots[8]) = (.bool(true), .bool(true))
    let walked = Reason.of { try program.walkCondition(frame).description }
    #expect(walked.hasPrefix("error budgetSpent"))
    #expect(Reason.of { try program.holds(frame).description } == walked)
  }
}

extension Int {
  fileprivate func clamped(to limit: Int) -> Int { Swift.min(self, limit) }
}

extension Value {
  fileprivate var description: String { "\(self)" }
}

/// How an evaluation ends, to the letter.
enum Reason {
  static func of(_ body: () throws -> String) -> String {
    do { return try body() } catch {
      switch error {
      case EvaluationFailure.error(let error): return "error \(error.code): \(error.message) at \(error.span)"
      case EvaluationFailure.unknown(let slots): return "unknown \(slots)"
      default: return "\(error)"
      }
    }
  }
}

/// Where generated tests begin.
enum Seeds {
  /// `ASSAY_SEED`, or any other.
  static func drawn() -> UInt64 {
    ProcessInfo.processInfo.environment["ASSAY_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
  }
}
