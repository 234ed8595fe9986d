/// A test that a rule set's authors wrote: a clock, events, and what is expected of them.
package struct AuthorTest: Sendable {
  package let name: String
  /// The rule the test is about, and whether the last event must fire it; nil for a test about the whole.
  package let rule: String?
  package let fires: Bool?
  /// Events in order, repetition expanded.
  package let steps: [Step]
  package let file: String
  package let line: Int

  package struct Step: Sendable {
    /// The event as JSON, as a client would send it.
    package let json: [UInt8]
    package let expectation: Expectation
    package let line: Int
    package init(json: [UInt8], expectation: Expectation, line: Int) {
      self.json = json
      self.expectation = expectation
      self.line = line
    }
  }

  /// What must be true of one event's decision; nil says nothing, an empty `fired` says that no rule fires.
  package struct Expectation: Sendable {
    package var outcome: Outcome?
    package var score: Int?
    package var fired: [String]?
    package var notFired: [String] = []
    /// Feature name and expected value; `.null` expects it missing.
    package var features: [(name: String, value: ExpectedValue)] = []
    package init() {}
  }

  package enum ExpectedValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// Durations are written as `90s` and compared by length, text as it is.
    case text(String)
  }

  package init(name: String, rule: String?, fires: Bool?, steps: [Step], file: String, line: Int) {
    self.name = name
    self.rule = rule
    self.fires = fires
    self.steps = steps
    self.file = file
    self.line = line
  }
}
