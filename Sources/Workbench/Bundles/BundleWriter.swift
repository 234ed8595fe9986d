package import Assay
package import RuleSets

/// Writes bundles to a file that only its owner may read.
package final class BundleWriter {
  private var output: BufferedOutput
  private let rules: RuleSet
  private let allFeatures: Bool
  private let filter: BundleFilter

  /// Creates the file at `path`, or empties the one that is there; `allFeatures` as in the decisions.
  package init(
    creating path: String, rules: RuleSet, allFeatures: Bool, filter: BundleFilter
  ) throws(OutputError) {
    output = try BufferedOutput(creating: path, isPrivate: true)
    self.rules = rules
    self.allFeatures = allFeatures
    self.filter = filter
  }

  /// Writes what a decision was made of, unless the filter leaves it out.
  package func write(_ examination: Examination, _ line: [UInt8]) throws(OutputError) {
    guard filter.takes(examination.decision) else { return }
    let (rules, allFeatures) = (rules, allFeatures)
    try output.write { buffer in
      DecisionBundle.write(
        examination, input: line, rules: rules, allFeatures: allFeatures, to: &buffer)
    }
  }

  /// Writes what is left.
  package func finish() throws(OutputError) { try output.flush() }
}

/// Which decisions are recorded.
package struct BundleFilter: Sendable {
  private var outcomes: Set<Outcome> = []
  private var ruleIDs: Set<String> = []

  /// Outcomes and ids of rules; none takes everything.
  package init(_ names: [String], rules: RuleSet) throws(ExplainProblem) {
    for name in names {
      if let outcome = Outcome(rawValue: name) {
        outcomes.insert(outcome)
      } else if let problem = RuleChoice.problem(name, in: rules) {
        throw ExplainProblem(
          message: "`\(name)` is no outcome, and " + problem.message, hint: problem.hint)
      } else {
        ruleIDs.insert(name)
      }
    }
  }

  fileprivate func takes(_ decision: Decision) -> Bool {
    if outcomes.isEmpty && ruleIDs.isEmpty { return true }
    return outcomes.contains(decision.outcome) || decision.fired.contains(where: ruleIDs.contains)
  }
}
