import CEL
import TestSupport
import Testing

/// Conditions in their flat form against the tree walker, which is its oracle.
@Suite struct ConditionTests {
  private static let names = ["i", "j", "d", "u", "s", "t", "f", "m", "w", "l"]
  private static let literals = [
    "0", "3", "-1", "9223372036854775807", "1.5", "-0.0", "3.0", "9223372036854775808.0", "2u",
    "18446744073709551615u", "'a'", "'payout.requested'", "''", "'e\u{301}'", "true", "false",
    "duration('5s')",
    "duration('1ns')", "timestamp('2024-05-01T10:00:00Z')", "null", "[1]",
  ]
  private static let lists = [
    "['a', 'b']", "['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'payout.requested']", "[1, 2, 3]", "l", "[]",
    "[0, 1.5, 2u, 'a', true, 4, 5, 6, null, [1]]", "members",
  ]
  private static let operators = ["==", "!=", "<", "<=", ">", ">="]

  private func condition(_ random: inout SeededGenerator, depth: Int) -> String {
    func pick(_ texts: [String]) -> String { texts[Int.random(in: 0..<texts.count, using: &random)] }
    let name = pick(ConditionTests.names)
    switch Int.random(in: 0..<(depth > 0 ? 13 : 7), using: &random) {
    case 0: return "\(name) \(pick(ConditionTests.operators)) \(pick(ConditionTests.literals))"
    case 1: return "\(pick(ConditionTests.literals)) \(pick(ConditionTests.operators)) \(name)"
    case 2: return "\(name) \(pick(ConditionTests.operators)) \(pick(ConditionTests.names))"
    case 3: return "\(pick(ConditionTests.literals + [name])) in \(pick(ConditionTests.lists))"
    case 4: return pick(["f", "true", "false", "has(x.y)", "1 / i > 0", "s.startsWith('p')"])
    case 5: return "\(name) == \(pick(ConditionTests.literals))"
    case 6:
      let factor = pick(ConditionTests.literals)
      let product =
        Bool.random(using: &random)
        ? "\(factor) * \(pick(ConditionTests.names))" : "\(pick(ConditionTests.names)) * \(factor)"
      let comparison = pick(ConditionTests.operators)
      return Bool.random(using: &random)
        ? "\(name) \(comparison) \(product)" : "\(product) \(comparison) \(name)"
    case 7: return "!(\(condition(&random, depth: depth - 1)))"
    case 8:
      let parts = (0..<3).map { _ in "(\(condition(&random, depth: depth - 1)))" }
      return "\(parts[0]) ? \(parts[1]) : \(parts[2])"
    case 9, 10:
      return "(\(condition(&random, depth: depth - 1))) && (\(condition(&random, depth: depth - 1)))"
    default: return "(\(condition(&random, depth: depth - 1))) || (\(condition(&random, depth: depth - 1)))"
    }
  }

  private func value(_ random: inout SeededGenerator) -> Value? {
    let moment = Timestamp(rfc3339: "2024-05-01T10:00:00Z")
    let values: [Value?] = [
      nil, nil, .null, .bool(true), .bool(false), .int(0), .int(3), .int(.max), .int(.min), .uint(2),
      .uint(.max),
      .double(1.5), .double(.nan), .double(-0.0), .double(0x1p63), .double(.infinity), .string("a"),
      .string(""),
      .string("payout.requested"), .string("payout.requesteD"), .string("\u{E9}"), .string("e\u{301}"),
      .bytes([97]), .duration(.seconds(5)), .duration(.nanoseconds(1)), moment.map { .timestamp($0) },
      .list([.string("a"), .string("b")]), .list([]), .list([.int(1), .string("a")]),
      .map(MapValue(entries: [(key: .string("a"), value: .int(1))])), .type(.int),
    ]
    return values[Int.random(in: 0..<values.count, using: &random)]
  }

  @Test func agreesWithTheEvaluator() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("conditions: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let members = Value.list((0..<20).map { .string("m\($0)") } + [.string("a")])
    for _ in 0..<3_000 {
      let source = condition(&random, depth: 4)
      var variables = ConditionTests.names.map { (name: $0, type: CELType.dyn, value: value(&random)) }
      variables.append((name: "x.y", type: .dyn, value: value(&random)))
      let bindings = Bindings(
        variables, constants: [.init(name: "members", type: .list(.string), value: members)])
      let program = Program(unchecked: try Expression.parse(source), in: bindings.environment)
      let expected: String
      do {
        let value = try program.walk(bindings.frame)
        if case .bool(let bool) = value { expected = "\(bool)" } else { expected = "error noSuchOverload" }
      } catch { expected = Bindings.describe(error) }
      let actual: String
      do { actual = "\(try program.holds(bindings.frame))" } catch { actual = Bindings.describe(error) }
      #expect(actual == expected, "seed \(seed): \(source) with \(variables)")
    }
  }

  @Test func constantListsAreSets() throws {
    let members = Value.list([
      .int(1), .uint(2), .double(2.5), .string("a"), .null, .bool(true), .list([.int(7)]),
    ])
    let bindings = Bindings(
      [("v", .dyn, .list([.double(7)]))],
      constants: [.init(name: "members", type: .list(.dyn), value: members)])
    let source = "v in members && 2.0 in members && 1u in members && null in members && 2.5 in members"
    #expect(try bindings.holds(source))
    #expect(try bindings.holds("v in [0, 1, 2, 3, 4, 5, 6, 7, [7]] && !(v in [0, 1, 2, 3, 4, 5, 6, 7, 8])"))
    #expect(try bindings.holds("!(0.0/0.0 in [0, 1, 2, 3, 4, 5, 6, 7, 8])"))
  }
}
