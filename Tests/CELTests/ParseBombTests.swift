import CEL
import Foundation
import TestSupport
import Testing

/// Hostile sources: each is answered, soon, whatever the answer.
@Suite("Parsing: hostile sources", .serialized)
struct ParseBombTests {
  static let size = 65_536

  /// A hostile source; only its name appears in the log.
  struct Bomb: CustomTestStringConvertible, Sendable {
    let name: String
    let source: String
    /// The code of the expected diagnostic, or nil when it parses.
    let code: String?
    var testDescription: String { name }

    init(_ name: String, _ source: String, code: String? = nil) {
      self.name = name
      self.source = source
      self.code = code
    }
  }

  /// `unit` repeated up to the greatest length that is allowed.
  static func fill(_ unit: String, between prefix: String = "", and suffix: String = "") -> String {
    let count = (size - prefix.utf8.count - suffix.utf8.count) / unit.utf8.count
    return prefix + String(repeating: unit, count: count) + suffix
  }

  static let deep: [Bomb] = [
    Bomb("parentheses", fill("("), code: "cel-too-deep"), Bomb("lists", fill("["), code: "cel-too-deep"),
    Bomb("maps", fill("{1:"), code: "cel-too-deep"), Bomb("nots", fill("!", and: "a"), code: "cel-too-deep"),
    Bomb("minuses", fill("-", and: "a"), code: "cel-too-deep"),
    Bomb("selects", fill(".b", between: "a"), code: "cel-too-deep"),
    Bomb("sums", fill("1+", and: "1"), code: "cel-too-deep"),
    Bomb("indexes", fill("[0]", between: "a"), code: "cel-too-deep"),
    Bomb("nested indexes", fill("a["), code: "cel-too-deep"), Bomb("calls", fill("f("), code: "cel-too-deep"),
    Bomb("methods", fill(".f()", between: "a"), code: "cel-too-deep"),
    Bomb("ternaries", fill("a?b:", and: "c"), code: "cel-too-deep"),
    Bomb("nested ternaries", fill("a?(", and: "c"), code: "cel-too-deep"),
    Bomb("macros", fill("[1].all(a,"), code: "cel-too-deep"),
    Bomb("relations", fill("a<", and: "a"), code: "cel-too-deep"),
    Bomb("messages", fill("M{a:"), code: "cel-too-deep"),
    Bomb("folds", fill(".map(a,a)", between: "[]"), code: "cel-too-deep"),
  ]

  @Test("Nesting is a diagnostic, not a stack overflow", arguments: deep)
  func answersDeep(_ bomb: Bomb) {
    expectSoon(bomb)
  }

  static let broken: [Bomb] = [
    Bomb("too long", String(repeating: "a", count: size + 1), code: "cel-source-too-long"),
    Bomb("unterminated text", fill("a", between: "'"), code: "cel-unterminated-string"),
    Bomb("unterminated triple text", fill("''a", between: "'''"), code: "cel-unterminated-string"),
    Bomb("unterminated bytes", fill("\\x00", between: "b\""), code: "cel-unterminated-string"),
    Bomb("escapes without end", fill("\\", between: "'"), code: "cel-unterminated-string"),
    Bomb("digits", fill("9"), code: "cel-number-range"),
    Bomb("hexadecimal digits", fill("f", between: "0x"), code: "cel-number-range"),
    Bomb("a long double", fill("9", between: "1", and: ".0"), code: "cel-number-range"),
    Bomb("back-ticks", fill("a", between: "a.`"), code: "cel-invalid-quoted-name"),
    Bomb("a comment", fill("/"), code: "cel-empty-expression"),
    Bomb("blanks", fill(" \n"), code: "cel-empty-expression"),
    Bomb("unbalanced terms", fill("a||", and: ""), code: "cel-unexpected-end"),
    Bomb("commas", fill(",", between: "["), code: "cel-unexpected-token"),
    Bomb("combining marks", fill("\u{301}", between: "a"), code: "cel-unexpected-character"),
  ]

  @Test("A source that never ends well is answered at its first mistake", arguments: broken)
  func answersBroken(_ bomb: Bomb) {
    expectSoon(bomb)
  }

  static let sound: [Bomb] = [
    Bomb("ors", fill("a||", and: "a")), Bomb("ands", fill("a&&", and: "a")),
    Bomb("a list", fill("1,", between: "[", and: "1]")),
    Bomb("a map", fill("1:1,", between: "{", and: "}")),
    Bomb("arguments", fill("1,", between: "f(", and: "1)")),
    Bomb("a name", fill("a")), Bomb("text", fill("é", between: "'", and: "'")), Bomb("zeros", fill("0")),
    Bomb("a fraction", fill("3", between: "0.")), Bomb("comments", fill("//\n", and: "a")),
    Bomb("mixed", fill("!a&&-b<1.5||'x' in [c.d]||", and: "a")),
  ]

  @Test("A long flat source is parsed", arguments: sound)
  func answersSound(_ bomb: Bomb) {
    expectSoon(bomb)
  }

  static let checked: [Bomb] = [
    Bomb("unknown names", fill("unknwn||", and: "a")), Bomb("unknown functions", fill("f()||", and: "a")),
    Bomb("long unknown names", fill("a", between: "x")),
    Bomb("deep unknown names", "a" + String(repeating: ".bcdefgh", count: 240)),
    Bomb("mixed types", fill("payouts_24h&&", and: "1")),
    Bomb("wrong members", fill("device.verdict=='x'||", and: "true")),
    Bomb("lists of lists", fill("[[[[[[1]]]]]],", between: "[", and: "1]")),
    Bomb(
      "doubling types",
      "[1]" + String(repeating: ".map(a,{a:a})", count: 100)
    ),
    Bomb(
      "doubling lists",
      "[1]" + String(repeating: ".map(a,[a,a])", count: 60)
    ),
    Bomb(
      "nested folds", String(repeating: "[1].all(a,", count: 80) + "a>0" + String(repeating: ")", count: 80)),
  ]

  @Test("Checking is bounded also", arguments: checked)
  func answersChecked(_ bomb: Bomb) {
    let time = Self.processorTime { _ = CheckEnvironment.findings(bomb.source) }
    #expect(time < Self.limit, "\(bomb.name): \(time)")
  }

  /// The time this thread computes, which other work on the machine does not lengthen.
  private static func processorTime(_ body: () -> Void) -> Duration {
    func now() -> Duration {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
    let start = now()
    body()
    return now() - start
  }

  /// About 10 ms was measured for the slowest in an optimised build; the limit leaves room for slower machines.
  #if DEBUG
    static let limit = Duration.milliseconds(1_000)
  #else
    static let limit = Duration.milliseconds(40)
  #endif

  private func expectSoon(_ bomb: Bomb) {
    var found: String?
    let time = Self.processorTime {
      do throws(ExpressionDiagnostics) { _ = try Expression.parse(bomb.source) } catch {
        found = error.all.first?.code
      }
    }
    #expect(found == bomb.code)
    #expect(time < Self.limit, "\(bomb.name): \(time)")
  }

  @Test("Sources of random tokens neither crash nor give a span outside of them")
  func randomTokens() {
    let seed = UInt64(20_240_501)
    var generator = SeededGenerator(seed: seed)
    func next(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }
    let pieces = [
      "a", "user.id", ".", "[", "]", "(", ")", "{", "}", ",", ":", "?", "+", "-", "*", "!", "==", "<", " in ",
      "&&", "||",
      "1", "2.5", "3u", "'x'", "b'x'", "has(", ".all(x,", ".map(y,", "true", "null", "`q`", "é", "\\", "'",
      "//", "\n", "x",
      "size(", "M{", "=", "&", "tags", "not ", "0x",
    ]
    for _ in 0..<20_000 {
      let source = (0..<(1 + next(14))).map { _ in pieces[next(pieces.count)] }.joined()
      let found: [ExpressionDiagnostic]
      do { found = try CheckEnvironment.check(source).warnings } catch { found = error.all }
      for finding in found {
        let isInside = finding.span.lowerBound >= 0 && finding.span.upperBound <= source.utf8.count
        #expect(isInside, "seed \(seed): \(source.debugDescription) \(finding)")
        #expect(finding.message.first?.isUppercase != true && !finding.message.hasSuffix("."))
      }
    }
  }
}
