import CEL
import CELRegex
import Testing

/// RE2 and how programs use it.
@Suite struct RegularExpressionTests {
  let bindings = Bindings([("text", .string, .string("aXb")), ("pattern", .string, .string("(a+)+$"))])

  @Test func aBadConstantPatternIsFoundWhenTheProgramIsMade() throws {
    let failure = #expect(throws: ExpressionDiagnostics.self) { try bindings.checked("text.matches('a(b')") }
    let diagnostic = try #require(failure?.all.first)
    #expect(failure?.all.count == 1)
    #expect(diagnostic.code == "cel-bad-pattern")
    #expect(diagnostic.span == 13..<18)
    #expect(diagnostic.message == "the pattern is no regular expression: missing ): a(b at byte 0")
  }

  @Test func withoutAnEngineMatchesIsRefused() throws {
    var environment = bindings.environment
    environment.regularExpressions = nil
    let checked = try Expression.parse("text.matches('a')").check(in: environment)
    let failure = #expect(throws: ExpressionDiagnostics.self) { try Program(checked, in: environment) }
    #expect(failure?.all.map(\.code) == ["cel-no-regular-expressions"])
  }

  @Test func anUnknownTimeZoneIsFoundWhenTheProgramIsMade() throws {
    let source = "timestamp('2024-05-01T10:00:00Z').getHours('Europe/Berlim') > 2"
    let failure = #expect(throws: ExpressionDiagnostics.self) { try bindings.checked(source) }
    #expect(failure?.all.map(\.code) == ["cel-unknown-time-zone"])
  }

  @Test(arguments: [
    ("aXb", "X", true), ("aXb", "^X", false), ("", "", true), ("grüße", "^gr..e$", true),
    ("a\0b", "\\x00", true),
  ])
  func matchesAnywhere(_ text: String, _ pattern: String, _ expected: Bool) throws {
    #expect(try RE2Engine().compile(pattern).matches(text) == expected)
  }

  @Test(arguments: [
    "(", "a**", "\\1", "(?=a)", "[z-a]", "((((a{100}){100}){100}){100})",
    String(repeating: "a", count: 5_000),
  ])
  func refuses(_ pattern: String) {
    #expect(throws: RegularExpressionError.self) { try RE2Engine().compile(pattern) }
  }

  @Test func nestedRepetitionsTakeLinearTime() throws {
    let text = String(repeating: "a", count: 100_000) + "b"
    let started = ContinuousClock.now
    #expect(try !RE2Engine().compile("^(a+)+$").matches(text))
    #expect(ContinuousClock.now - started < .seconds(1))
  }

  @Test func dynamicPatternsAreShort() throws {
    #expect(bindings.outcome("'aaa'.matches(pattern)") == "bool(true)")
    #expect(bindings.outcome("'aaa'.matches('(' + pattern)") == "error invalidArgument")
    let long = Bindings([("pattern", .string, .string(String(repeating: "a", count: 257)))])
    #expect(long.outcome("'aaa'.matches(pattern)") == "error invalidArgument")
  }

  /// Patterns of many states are matched state by state where no automaton of all states fits.
  @Test func aMatchIsChargedByTheStatesOfItsPattern() throws {
    let size = try RE2Engine().compile("a").size
    #expect(try RE2Engine().compile("[a-z]{0,1000}c").size > 100 * size)
    let text = String(repeating: "a", count: 16_384)
    let bindings = Bindings([("text", .string, .string(text)), ("many", .string, .string("\\pL{20}"))])
    #expect(bindings.outcome("text.matches('(a+)+b')") == "bool(false)")
    #expect(bindings.outcome("text.matches('[a-z]{0,1000}c')") == "error budgetSpent")
    #expect(bindings.outcome("'short'.matches('[a-z]{0,1000}c')") == "bool(false)")
    #expect(bindings.outcome("'short'.matches(many)") == "error invalidArgument")
    let many = "[many, many + '1', many + '2', many + '3']"
    #expect(bindings.outcome("\(many).exists(p, 'short'.matches(p))") == "error budgetSpent")
  }
}
