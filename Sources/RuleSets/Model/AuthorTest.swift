package import CEL

/// A test that a rule set's authors wrote: a clock, events, and what is expected of them.
package struct AuthorTest: Sendable {
  package let name: String
  /// The rule the test is about, and whether the last event must fire it; nil for a test about the whole.
  package let rule: String?
  package let fires: Bool?
  /// Lists that have other items in this test.
  package let lists: [ListOverride]
  /// Events in order, repetition expanded.
  package let steps: [Step]
  package let file: String
  package let line: Int

  package struct Step: Sendable {
    /// The event as JSON, as a client would send it.
    package let json: [UInt8]
    /// Index into the schema's types.
    package let type: Int
    /// The event's time; milliseconds since 1970.
    package let time: Int64
    package let expectation: Expectation
    package let line: Int
    package init(json: [UInt8], type: Int, time: Int64, expectation: Expectation, line: Int) {
      self.json = json
      self.type = type
      self.time = time
      self.expectation = expectation
      self.line = line
    }

    /// The same event with other expectations.
    func expecting(_ expectation: Expectation) -> Step {
      Step(json: json, type: type, time: time, expectation: expectation, line: line)
    }
  }

  /// What must be true of one event's decision; nil says nothing, an empty `fired` says that no rule fires.
  package struct Expectation: Sendable {
    package var outcome: Outcome?
    package var score: Int?
    /// Exactly these live and shadow rules.
    package var fired: [String]?
    package var notFired: [String] = []
    /// Exactly these shadow rules.
    package var shadow: [String]?
    /// These rules, and perhaps others, have no answer.
    package var notEvaluated: [String] = []
    /// Feature name and expected value; `.null` expects it missing.
    package var features: [(name: String, value: ExpectedValue)] = []
    package init() {}

    /// Whether it says nothing.
    package var isEmpty: Bool {
      outcome == nil && score == nil && fired == nil && notFired.isEmpty && shadow == nil
        && notEvaluated.isEmpty && features.isEmpty
    }
  }

  package enum ExpectedValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    /// Durations are written as `90s` and compared by length, text as it is.
    case text(String)
  }

  package init(
    name: String, rule: String?, fires: Bool?, lists: [ListOverride] = [], steps: [Step], file: String,
    line: Int
  ) {
    self.name = name
    self.rule = rule
    self.fires = fires
    self.lists = lists
    self.steps = steps
    self.file = file
    self.line = line
  }
}

/// A list of the rule set with other items.
package struct ListOverride: Sendable {
  /// The list's name.
  package let name: String
  package let items: [Value]
}
