import CEL
import Testing

/// Missing values and errors within an expression.
@Suite struct UnknownTests {
  let bindings = Bindings([
    ("a", .int, nil), ("b", .int, nil), ("one", .int, .int(1)), ("user.id", .string, nil),
    ("user.name", .string, .string("x")), ("list", .list(.int), .list([.int(1), .int(2)])),
    ("flag", .bool, .bool(true)),
  ])

  @Test(arguments: [
    ("a", "unknown [0]"), ("a + b", "unknown [0, 1]"), ("b + a", "unknown [0, 1]"), ("a + a", "unknown [0]"),
    ("a + 1/0", "unknown [0]"), ("1/0 + a", "unknown [0]"), ("1/0 + one", "error divisionByZero"),
    ("false && a == 1", "bool(false)"), ("a == 1 && false", "bool(false)"),
    ("true && a == 1", "unknown [0]"), ("a == 1 && true", "unknown [0]"),
    ("true || a == 1", "bool(true)"), ("a == 1 || true", "bool(true)"), ("a == 1 || false", "unknown [0]"),
    ("false && 1/0 == 1", "bool(false)"), ("1/0 == 1 && false", "bool(false)"),
    ("1/0 == 1 || true", "bool(true)"), ("1/0 == 1 || false", "error divisionByZero"),
    ("1/0 == 1 || a == 1", "unknown [0]"), ("a == 1 && 1/0 == 1", "unknown [0]"),
    ("a == 1 || b == 1", "unknown [0, 1]"), ("a == 1 ? 1 : 2", "unknown [0]"),
    ("flag ? one : a", "int(1)"), ("flag ? a : one", "unknown [0]"),
    ("1/0 == 1 ? 1 : 2", "error divisionByZero"),
    ("list.all(x, x > 0 && a == x)", "unknown [0]"), ("list.all(x, x < 2 && a == x)", "bool(false)"),
    ("list.all(x, a == x || x < 2 || false) || true", "bool(true)"),
    ("list.exists(x, a == x || x == 2)", "bool(true)"), ("list.exists(x, a == x)", "unknown [0]"),
    ("list.exists(x, x == 1 ? 1/0 == 1 : a == 1)", "unknown [0]"),
    ("list.all(x, x == 1 ? a == 1 : 1/0 == 1)", "unknown [0]"),
    ("list.exists_one(x, x == 1 ? a == 1 : 1/0 == 1)", "unknown [0]"),
    ("list.exists_one(x, x == 1 ? 1/0 == 1 : a == 1)", "unknown [0]"),
    ("list.map(x, x == 1 ? a : b)", "unknown [0, 1]"), ("list.filter(x, x == a)", "unknown [0]"),
    ("list.map(x, x / 0)", "error divisionByZero"), ("[a, b, 1/0]", "unknown [0, 1]"),
    ("{'k': a}", "unknown [0]"), ("{'k': 1, 'k': a}", "unknown [0]"),
    ("{'k': 1, 'k': 2}", "error invalidArgument"), ("{'k': 1/0, 'l': b}", "unknown [1]"),
    ("[a].size()", "unknown [0]"),
    ("has(user.id)", "bool(false)"), ("has(user.name)", "bool(true)"),
    ("has(user.id) && user.id == 'x'", "bool(false)"),
    ("!has(user.id) || user.id == 'x'", "bool(true)"), ("user.id == 'x'", "unknown [3]"),
    ("a in list", "unknown [0]"), ("a in [1,2,3,4,5,6,7,8,9,10]", "unknown [0]"),
    ("!(a == 1)", "unknown [0]"),
    ("nosuch", "error unknownName"), ("nosuch || true", "bool(true)"), ("nosuch(1)", "error unknownFunction"),
    ("1 + 'a'", "error noSuchOverload"), ("1 || false", "error noSuchOverload"), ("1 || true", "bool(true)"),
  ])
  func combines(_ source: String, _ expected: String) {
    #expect(bindings.outcome(source) == expected, "\(source)")
  }

  @Test func aFailedSlotIsAnError() {
    var bindings = bindings
    bindings.frame.slots[0] = Slot(kind: .failure)
    #expect(bindings.outcome("a") == "error invalidArgument")
    #expect(bindings.outcome("has(user.name) && a > 1") == "error invalidArgument")
    #expect(bindings.outcome("a > 1 && false") == "bool(false)")
    #expect(bindings.outcome("a + b") == "unknown [1]")
  }

  @Test func aListWithAMissingElementIsUnknown() {
    var bindings = bindings
    bindings.frame.slots[Int(bindings.frame.slots[5].payload) + 1] = .missing
    #expect(bindings.outcome("list.exists(x, x == 1)") == "unknown [5]")
  }

  @Test func aFrameThatIsTooShortIsUnknown() throws {
    let program = try bindings.checked("one == 1 && flag")
    #expect(throws: EvaluationFailure.self) { try program.holds(Frame(slotCount: 1)) }
    #expect(throws: EvaluationFailure.self) { try program.evaluate(Frame()) }
  }
}
