/// What came of reading a rule set's folder.
public struct LoadedRuleSet: Sendable {
  /// Nil when any finding is an error.
  public let ruleSet: RuleSet?
  /// Sorted and capped.
  public let findings: DiagnosticList
  /// The files that were read, for showing their lines.
  public let sources: SourceFiles

  /// The findings that are shown, in the order of file, place and code.
  public var diagnostics: [Diagnostic] { findings.all }

  /// The same with more findings, sorted and capped together.
  package func adding(_ more: [Diagnostic]) -> LoadedRuleSet {
    var collector = DiagnosticCollector()
    collector.add(findings)
    for diagnostic in more { collector.add(diagnostic) }
    return LoadedRuleSet(ruleSet: ruleSet, findings: collector.list(), sources: sources)
  }

  init(ruleSet: RuleSet?, findings: DiagnosticList, sources: SourceFiles) {
    self.ruleSet = ruleSet
    self.findings = findings
    self.sources = sources
  }

  /// The findings as people read them; empty when there are none.
  public func rendered(color: Bool = false) -> String {
    DiagnosticRenderer(sources: sources, color: color).text(findings)
  }
}

/// Why a rule set could not be loaded: its findings, rendered by `description`.
public struct RuleSetErrors: Error, CustomStringConvertible, Sendable {
  /// The findings, warnings included.
  public let findings: DiagnosticList
  /// The findings as people read them, without colour.
  public let description: String

  init(_ loaded: LoadedRuleSet) {
    findings = loaded.findings
    description = loaded.rendered()
  }
}

extension RuleSet {
  /// Reads and checks the rule set in `folder`; warnings do not keep it from loading.
  public init(contentsOf folder: String) throws(RuleSetErrors) {
    let loaded = RuleSetLoader.load(folder: folder)
    guard let ruleSet = loaded.ruleSet else { throw RuleSetErrors(loaded) }
    self = ruleSet
  }
}
