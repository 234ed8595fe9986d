import CEL
import Foundation
import Testing

/// What anybody may send: a typed error or a value, within 10 ms from the source to the answer, and never a trap. How much
/// memory it takes is measured on processes of their own, by `CommandTests`.
@Suite(.serialized) struct BadInputTests {
  /// A source and how it ends: a value's text, the code of an evaluation error, or that of the first diagnostic.
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let source: String
    let ends: String
    var testDescription: String { name }

    init(_ name: String, _ source: String, _ ends: String) {
      (self.name, self.source, self.ends) = (name, source, ends)
    }
  }

  private static let ones = "[" + Array(repeating: "1", count: 500).joined(separator: ",") + "]"

  static let cases: [Case] = [
    Case("parentheses", String(repeating: "(", count: 65_536), "cel-too-deep"),
    Case("parentheses that close", nested("(", "1", ")", 30_000), "cel-too-deep"),
    Case("lists", nested("[", "1", "]", 248) + " == 1", "cel-never-equal"),
    Case("a long sum", "1" + String(repeating: "+1", count: 250), "cel-too-deep"),
    Case("64 KiB of members", ParseBombTests.fill("1,", between: "1 in [", and: "1]"), "bool(true)"),
    Case("64 KiB of `||`", ParseBombTests.fill("false||", and: "true"), "bool(true)"),
    Case("64 KiB of comparisons", ParseBombTests.fill("i!=1||", and: "true"), "bool(true)"),
    Case("64 KiB of text", ParseBombTests.fill("a", between: "size('", and: "') > 1"), "bool(true)"),
    Case("64 KiB and one byte", String(repeating: " ", count: 65_537), "cel-source-too-long"),
    Case("a million elements", million, "cel-source-too-long"),
    Case("nested repetitions", "long.matches('(a+)+b')", "bool(false)"),
    Case("nested repetitions as a value", "long.matches(pattern)", "bool(false)"),
    Case("an overflow", "9223372036854775807 + one", "overflow"),
    Case("an overflow of a product", "(-9223372036854775807 - one) * -1", "overflow"),
    Case("an overflow of a quotient", "(-9223372036854775807 - one) / -1", "overflow"),
    Case("an overflow of a remainder", "(-9223372036854775807 - one) % -1", "overflow"),
    Case("an overflow of a literal", "9223372036854775808", "cel-number-range"),
    Case("division by zero", "one / (one - 1)", "division-by-zero"),
    Case("a remainder of zero", "7u % uint(one - 1)", "division-by-zero"),
    Case("bytes that are no text", "string(b'\\xff\\xfe')", "invalid-conversion"),
    Case("surrogates", "'\\ud83d\\ude00'", "cel-invalid-escape"),
    Case("a character beyond the last", "'\\U00110000'", "cel-invalid-escape"),
    Case("text without an end", "'abc", "cel-unterminated-string"),
    Case("three quotation marks without an end", "'''abc''", "cel-unterminated-string"),
    Case("bytes without an end", "b\"abc\\", "cel-unterminated-string"),
    Case("lists of lists", "\(ones).map(x, \(ones).map(y, \(ones).map(z, x))) == 1", "cel-never-equal"),
    Case("a list for each of a list", "size(\(ones).map(x, \(ones).map(y, [x, y]))) > 1", "budget-spent"),
    Case(
      "a thousand times a thousand", "\(ones).all(x, \(ones).all(y, \(ones).all(z, x == z)))", "budget-spent"),
    Case(
      "text that doubles", "['aaaa']" + String(repeating: ".map(x, x + x)", count: 60) + " == [s]",
      "budget-spent"),
    Case("a far index", "[1][9223372036854775807]", "index-out-of-range"),
    Case("an index below", "[1][-1]", "index-out-of-range"),
    Case(
      "a moment beyond the last", "timestamp('9999-12-31T23:59:59Z') + duration('315576000000s')", "overflow"),
    Case("a number in a long text", "int(zeros) == 0", "bool(true)"),
  ]

  private static func nested(_ open: String, _ inner: String, _ close: String, _ count: Int) -> String {
    String(repeating: open, count: count) + inner + String(repeating: close, count: count)
  }

  private static let million = "[" + String(repeating: "1,", count: 1_000_000) + "1] == [1]"

  private static let bindings = Bindings([
    ("i", .int, .int(1)), ("one", .int, .int(1)), ("s", .string, .string("a")),
    ("pattern", .string, .string("(a+)+b")),
    ("long", .string, .string(String(repeating: "a", count: 100_000))),
    ("zeros", .string, .string(String(repeating: "0", count: 100_000))),
  ])

  @Test(arguments: cases) func isAnsweredSoon(_ bad: Case) {
    var best = Duration.seconds(1_000)
    for _ in 0..<5 {
      let started = Self.threadTime()
      let ends = Self.answer(bad.source)
      best = min(best, Self.threadTime() - started)
      #expect(ends == bad.ends)
    }
    #expect(best < (bad.name.hasPrefix("64 KiB") ? Self.fullLengthLimit : Self.limit))
  }

  /// Parsed, checked and run, as a rule set and `assay eval` do.
  private static func answer(_ source: String) -> String {
    do {
      let checked = try Expression.parse(source).check(in: bindings.environment)
      return "\(try Program(checked, in: bindings.environment).evaluate(bindings.frame))"
    } catch let error as ExpressionDiagnostics {
      return error.all.first?.code ?? ""
    } catch EvaluationFailure.error(let error) {
      return error.code.rawValue
    } catch {
      return "\(error)"
    }
  }

  /// What this thread has computed, however many others want the processor.
  private static func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  #if DEBUG
    private static let limit = Duration.seconds(1)
    private static let fullLengthLimit = Duration.seconds(5)
  #else
    private static let limit = Duration.milliseconds(10)
    /// For as long a source as there may be, all of it sound: about 10 ms on an idle core, and tests run on all of them.
    private static let fullLengthLimit = Duration.milliseconds(40)
  #endif
}
