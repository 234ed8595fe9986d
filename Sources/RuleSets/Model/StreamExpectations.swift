/// What a recorded stream of events must come to: how often rules fire, and how often events get an outcome.
package struct StreamExpectations: Sendable {
  /// What is said of a rule that fires and is not named.
  package enum Unexpected: String, Sendable, CaseIterable { case fail, warn, ignore }

  /// How often something may happen.
  package struct Count: Sendable, Hashable {
    package let least: Int
    /// Nil where there may be any number.
    package let most: Int?

    /// Whether `count` is within it.
    package func includes(_ count: Int) -> Bool { count >= least && count <= most ?? .max }

    /// As reports show it.
    package var text: String {
      switch most {
      case least?: "exactly \(least)"
      case let most? where least == 0: "at most \(most)"
      case let most?: "\(least) to \(most)"
      case nil: "at least \(least)"
      }
    }
  }

  /// One expectation, and the line in which it stands.
  package struct Line<Subject: Sendable>: Sendable {
    package let subject: Subject
    package let count: Count
    package let line: Int
  }

  /// As messages name it: relative to the rule set's folder, or as the command line has it.
  package let file: String
  package let rules: [Line<String>]
  package let outcomes: [Line<Outcome>]
  package let unexpected: Unexpected
}
