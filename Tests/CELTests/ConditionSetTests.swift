import CEL
import CELRegex
import Foundation
import TestSupport
import Testing

/// Sets of conditions against each condition alone, by the tree walker.
@Suite struct ConditionSetTests {
  /// `ASSAY_CEL_SETS` sets over eight frames each.
  private static let sets = ProcessInfo.processInfo.environment["ASSAY_CEL_SETS"].flatMap { Int($0) } ?? 60

  /// Conditions of which most need a slot to have one of a few values.
  private func condition(_ source: inout CompiledExpressions) -> String {
    let need =
      switch Int.random(in: 0..<12, using: &source.random) {
      case 0..<3: "s == \(source.pick(["'a'", "'bcd'", "'payout.requested'", "'payout.requesteD'", "''"]))"
      case 3..<5: "i == \(source.pick(["0", "1", "3", "7", "9223372036854775807"]))"
      case 5: "t in \(source.pick(["['a', 'bcd']", "['', 'ab']"]))"
      case 6: "j in [0, 1, 3]"
      case 7: source.pick(["b", "!c", "b == true"])
      case 8: "d == 3.0"
      case 9: "l.exists(x, x == 3)"
      default: ""
      }
    let rest = source.condition(depth: Int.random(in: 0...2, using: &source.random))
    if need.isEmpty { return rest }
    return Bool.random(using: &source.random) ? "\(need) && \(rest)" : "\(rest) && \(need)"
  }

  @Test func agreesWithEachConditionAlone() throws {
    let seed = Seeds.drawn()
    print("condition sets: \(Self.sets) sets, seed \(seed)")
    var source = CompiledExpressions(seed: seed)
    let environment = CompiledExpressions.environment(RE2Engine())
    var (told, indexed) = (0, 0)
    for _ in 0..<Self.sets {
      let texts = (0..<source.pick([0, 1, 3, 20, 63, 64, 65, 150])).map { _ in condition(&source) }
      let programs = try texts.map { Program(unchecked: try Expression.parse($0), in: environment) }
      let always = Set(programs.indices.filter { _ in Int.random(in: 0..<10, using: &source.random) == 0 })
      let set = ConditionSet(programs, always: always)
      indexed += set.indexedCount
      for _ in 0..<8 {
        var frame = source.frame()
        if Int.random(in: 0..<20, using: &source.random) == 0 {
          frame.slots.removeLast(frame.slots.count / 2)
        }
        var answers: [String] = []
        set.evaluate(frame) { answers.append("\($0) \($1)") }
        var expected: [String] = []
        for (number, program) in programs.enumerated() {
          switch try? program.walkCondition(frame) {
          case true?: expected.append("\(number) holds")
          case false?: if always.contains(number) { expected.append("\(number) fails") }
          case nil: expected.append("\(number) undecided")
          }
        }
        told += expected.count
        #expect(answers == expected, "seed \(seed): \(texts)")
      }
    }
    print("condition sets: \(told) answers, \(indexed) conditions indexed")
    #expect(told > Self.sets && indexed > Self.sets)
  }

  private func slot(_ text: String, in frame: inout Frame) -> Slot { frame.store(text) }

  @Test func runsOnlyWhatTheIndexFinds() throws {
    let environment = CompiledExpressions.environment(RE2Engine())
    let texts = (0..<500).map { "s == 'merchant_number_\($0)' && i > \($0 % 7)" } + ["d > 1.0", "i == 3"]
    let set = ConditionSet(
      try texts.map { try Program(Expression.parse($0).check(in: environment), in: environment) })
    #expect(set.indexedCount == 500)
    var frame = Frame(slotCount: CompiledExpressions.variables.count)
    frame.slots[0] = .int(3)
    frame.slots[3] = .double(2)
    frame.slots[5] = slot("merchant_number_44", in: &frame)
    var found: [Int] = []
    set.evaluate(frame) { condition, _ in found.append(condition) }
    #expect(found == [44, 500, 501])
    frame.slots[5] = .missing
    found = []
    set.evaluate(frame) { condition, answer in if answer == .undecided { found.append(condition) } }
    #expect(found == (0..<500).filter { $0 % 7 < 3 })
  }
  @Test func oneCostlyConditionLeavesTheIndexToTheOthers() throws {
    let environment = CompiledExpressions.environment(RE2Engine())
    let costly = #"t.matches('\\pL{1,20}\\pN{1,20}')"#
    let texts = (0..<500).map { "s == 'merchant_number_\($0)'" } + [costly]
    let set = ConditionSet(
      try texts.map { try Program(Expression.parse($0).check(in: environment), in: environment) })
    var frame = Frame(slotCount: CompiledExpressions.variables.count)
    frame.slots[5] = slot("merchant_number_44", in: &frame)
    frame.slots[6] = slot("abc1", in: &frame)
    #expect(set.candidateCount(in: frame) == 2)
    var found: [Int] = []
    set.evaluate(frame) { condition, _ in found.append(condition) }
    #expect(found == [44, 500])
  }
}
