internal import Assay
internal import Events
internal import RuleSets
internal import Windows

/// A rule set made ready for many tests over windows in memory, each with windows of its own.
struct TestBench: Sendable {
  /// For the windows of one test.
  static let bytesMax = 256 << 20

  let rules: RuleSet
  private let prepared: Engine<MemoryWindows>

  init(_ rules: RuleSet) {
    self.rules = rules
    prepared = Engine(rules: rules, options: TestRunner.options, bytesMax: 0)
  }

  /// An engine that has seen nothing yet. A breaker remembers what was blocked, so that its engine is made anew.
  func engine() -> Engine<MemoryWindows> {
    rules.breaker == nil
      ? prepared.withFreshWindows(bytesMax: Self.bytesMax)
      : Engine(rules: rules, options: TestRunner.options, bytesMax: Self.bytesMax)
  }

  /// Whether an expectation of the test does not come true; looks no further than the first.
  func fails(_ test: AuthorTest) -> Bool {
    let engine = engine()
    for (index, step) in test.steps.enumerated() {
      guard let decision = try? engine.decide(step.json) else { return true }
      if !step.expectation.holds(for: decision) { return true }
      if index == test.steps.count - 1, let rule = test.rule, let fires = test.fires,
        decision.hasFired(rule) != fires
      {
        return true
      }
    }
    return false
  }
}

/// Decides over windows in memory, without a chain: nothing is waited for.
struct DirectDecider: LineDecider {
  let engine: Engine<MemoryWindows>

  func decide(_ lines: [[UInt8]]) -> [Result<Decision, EventRefusal>] {
    lines.map { line in Result { () throws(EventRefusal) in try engine.decide(line) } }
  }

  func examine(_ lines: [[UInt8]]) -> [Result<ExaminedDecision, EventRefusal>] {
    lines.map { line in Result { () throws(EventRefusal) in try engine.examine(line.span) } }
  }

  func decode(_ line: [UInt8]) throws(EventRefusal) -> Event { try engine.decode(line.span) }
}
