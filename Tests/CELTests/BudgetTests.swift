import CEL
import Foundation
import Synchronization
import Testing

/// What no expression may do: take long, take much memory, or need a deep stack.
@Suite struct BudgetTests {
  /// Without optimisation everything takes some ten times as long and as much stack.
  private static var isDebugBuild: Bool {
    var isDebug = false
    assert({ isDebug = true }() == ())
    return isDebug
  }

  /// What this thread has computed, however many others want the processor.
  private static func threadTime() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  private static let list = "[" + (0..<100).map(String.init).joined(separator: ",") + "]"

  private static func nested(_ macro: String, _ body: String) -> String {
    "\(list).\(macro)(a, \(list).\(macro)(b, \(list).\(macro)(c, \(list).\(macro)(d, \(body)))))"
  }

  private static func chain(_ start: String, _ step: String) -> String {
    (0..<40).reduce(start) { source, _ in "\(source).map(x, \(step))" }
  }

  static let bombs = [
    nested("all", "a + b + c + d >= 0"), nested("map", "'x' + string(d)"), nested("map", "[d, d, d, d]"),
    nested("map", "{d: d}"), nested("exists", "a / 0 == d"), nested("exists", "gone == d"),
    nested("exists", "text.matches(string(a) + string(b) + string(c) + string(d))"),
    nested("map", "\(list).filter(e, e >= d)"), nested("map", "\(list).exists_one(e, e == d)"),
    nested("all", "text.contains('b') || d >= 0"),
    nested("all", "string(double(d) / 7.0) != ''"),
    nested("all", "duration(string(d) + 's') >= duration('0s')"),
    nested("all", "timestamp('2020-01-01T00:00:00Z').getHours('Europe/Berlin') >= 0"),
    chain("['aaaaaaaaaaaaaaaa']", "x + x"), chain("[b'aaaaaaaaaaaaaaaa']", "x + x"),
    chain("[[1, 2, 3, 4]]", "x + x"),
    chain("[[1, 2, 3, 4]]", "[x, x]") + " == " + chain("[[1, 2, 3, 4]]", "[x, x]"),
    chain("[{1: 2}]", "{1: x, 2: x}") + " == " + chain("[{1: 2}]", "{1: x, 2: x}"),
  ]

  let bindings = Bindings([
    ("gone", .int, nil), ("text", .string, .string(String(repeating: "a", count: 10_000))),
  ])

  @Test(arguments: bombs)
  func bombsAreStopped(_ source: String) throws {
    let program = try bindings.checked(source)
    let started = BudgetTests.threadTime()
    let failure = #expect(throws: EvaluationFailure.self) { try program.evaluate(bindings.frame) }
    let elapsed = BudgetTests.threadTime() - started
    guard case .error(let error)? = failure else {
      Issue.record("\(source.suffix(60)) is \(String(describing: failure))")
      return
    }
    #expect(error.code == .budgetSpent)
    // About 10 ms in a release build on an idle core; what other tests do to the caches needs room. The testing
    // library keeps a backtrace of every error that is thrown, so bombs of errors take long here and only here.
    let isSlowed = BudgetTests.isDebugBuild || source.contains("a / 0") || source.contains("gone")
    #expect(elapsed < (isSlowed ? .seconds(30) : .milliseconds(60)), "\(source.suffix(60))")
  }

  @Test func aSpentBudgetIsNotAbsorbed() throws {
    #expect(bindings.outcome("true || \(BudgetTests.bombs[0])") == "bool(true)")
    #expect(bindings.outcome("\(BudgetTests.bombs[0]) || true") == "error budgetSpent")
    #expect(bindings.outcome("[1, 2].exists(x, \(BudgetTests.bombs[0]) || true)") == "error budgetSpent")
  }

  @Test func theLimitIsTheEnvironments() throws {
    var environment = bindings.environment
    environment.limits.stepsMax = 10
    let short = try Program(Expression.parse("1 + size(text) > 2").check(in: environment), in: environment)
    #expect(throws: EvaluationFailure.self) { try short.evaluate(bindings.frame) }
    environment.limits.stepsMax = 10_000
    let enough = try Program(Expression.parse("1 + size(text) > 2").check(in: environment), in: environment)
    #expect(try enough.holds(bindings.frame))
  }

  @Test(arguments: [
    String(repeating: "(1 + ", count: 60) + "1" + String(repeating: ")", count: 60),
    String(repeating: "!(true || ", count: 60) + "true" + String(repeating: ")", count: 60),
    String(repeating: "[", count: 100) + "text" + String(repeating: "]", count: 100),
    String(repeating: "text == 'a' ? 1 : ", count: 100) + "1",
    String(repeating: "[1].map(x, ", count: 40) + "text" + String(repeating: ")", count: 40),
    String(repeating: "[1].all(x, ", count: 40) + "text != ''" + String(repeating: ")", count: 40),
    String(repeating: "-", count: 200) + "(size(text))", "text" + String(repeating: " + text", count: 200),
    String(repeating: "{1: ", count: 100) + "text" + String(repeating: "}", count: 100),
  ])
  func deepExpressionsFitASmallStack(_ source: String) async throws {
    let bindings = bindings
    let finished = Mutex(false)
    await withCheckedContinuation { continuation in
      let thread = Thread {
        if let expression = try? Expression.parse(source) {
          let program = Program(unchecked: expression, in: bindings.environment)
          _ = try? program.evaluate(bindings.frame)
          _ = try? program.holds(bindings.frame)
          finished.withLock { $0 = true }
        }
        continuation.resume()
      }
      thread.stackSize = BudgetTests.isDebugBuild ? 4_096 * 1_024 : 512 * 1_024
      thread.start()
    }
    #expect(finished.withLock { $0 }, "`\(source.prefix(40))` is refused by the parser")
  }
}
