package import Assay
package import RuleSets

/// Writes bundles to a file that only its owner may read: first the rules, then a bundle for each decision.
package final class BundleWriter {
  private var output: BufferedOutput
  private let rules: RuleSet
  private let allFeatures: Bool
  private let filter: BundleFilter
  private let lineBytesMax: Int
  private let hasRules: Bool
  /// Until something is to be written.
  private var rulesLine: [UInt8]?
  private var tooLongCount = 0

  /// Opens the file at `path`, of which an older content is gone with the first bundle or the end; `sources` are the files
  /// of the rules, `allFeatures` is as in the decisions. What needs more than `lineBytesMax` bytes is left out.
  package init(
    creating path: String, rules: RuleSet, sources: SourceFiles, allFeatures: Bool, filter: BundleFilter,
    lineBytesMax: Int = BundleFile.lineBytesMax
  ) throws(OutputError) {
    output = try BufferedOutput(creating: path, isPrivate: true)
    self.rules = rules
    self.allFeatures = allFeatures
    self.filter = filter
    self.lineBytesMax = lineBytesMax
    rulesLine = RecordedRules(rules, sources).line(bytesMax: lineBytesMax)
    hasRules = rulesLine != nil
  }

  /// Writes what a decision was made of, unless the filter leaves it out or it is more than a line may have.
  package func write(_ decided: ExaminedDecision, _ line: [UInt8]) throws(OutputError) {
    guard filter.takes(decided.decision) else { return }
    try writeRules()
    let (rules, allFeatures, lineBytesMax) = (rules, allFeatures, lineBytesMax)
    var isTooLong = false
    try output.write { buffer in
      let start = buffer.count
      DecisionBundle.write(decided, input: line, rules: rules, allFeatures: allFeatures, to: &buffer)
      isTooLong = buffer.count - start > lineBytesMax
      if isTooLong { buffer.removeSubrange(start...) }
    }
    if isTooLong { tooLongCount += 1 }
  }

  /// Writes what is left; an older content is gone then.
  package func finish() throws(OutputError) {
    try writeRules()
    try output.finish()
  }

  private func writeRules() throws(OutputError) {
    guard let line = rulesLine else { return }
    rulesLine = nil
    try output.write { $0 += line }
  }

  /// What the file lacks, a line each; empty where it has everything.
  package var warnings: [String] {
    var warnings: [String] = []
    if !hasRules {
      warnings.append(
        "the rules are not recorded: their files are no text, or more than \(lineBytesMax) bytes")
    }
    if tooLongCount > 0 {
      let bundles = tooLongCount == 1 ? "1 bundle is" : "\(tooLongCount) bundles are"
      warnings.append("\(bundles) not recorded, of more than \(lineBytesMax) bytes")
    }
    return warnings
  }
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
