internal import CEL
internal import Foundation

/// Checks what is expected of a stream against the rules.
struct StreamCompiler {
  /// Nil when a part of them could not be read, so that none can be called unknown.
  let rules: Set<String>?
  let findings: Findings

  func compile(_ file: RuleSetFile) -> StreamExpectations? {
    guard let root = findings.tree(of: file), let declaration = StreamDeclaration(root, findings) else {
      return nil
    }
    for line in declaration.rules { check(line.name) }
    return StreamExpectations(
      file: file.path,
      rules: declaration.rules.map { line in
        .init(subject: line.name.value, count: line.count, line: findings.line(of: line.name.place))
      },
      outcomes: declaration.outcomes.map { outcome, line in
        .init(subject: outcome.value, count: line.count, line: findings.line(of: outcome.place))
      }, unexpected: declaration.unexpected)
  }

  private func check(_ name: Located<String>) {
    guard let rules, !rules.contains(name.value) else { return }
    findings.error(
      .unknownRule, at: name.place, "there is no rule `\(SourceNode.shortened(name.value))`",
      hint: Choices.hint(for: name.value, among: rules.sorted(), named: "rules"))
  }
}

extension StreamExpectations {
  /// Reads the file at `path`, which need not be in the rule set's folder; the findings as people read them where it
  /// has errors.
  package static func load(
    _ path: String, for rules: RuleSet, color: Bool = false
  ) -> (expectations: StreamExpectations?, findings: String) {
    let findings = Findings()
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: YAMLLimits.fileBytesMax + 1),
      data.count <= YAMLLimits.fileBytesMax
    else {
      findings.error(
        .fileUnreadable, at: Diagnostic.Place(file: path, span: nil), "`\(path)` cannot be read",
        hint: "name a file such as `tests/streams.yaml`")
      return (nil, DiagnosticRenderer(sources: findings.sources, color: color).text(findings.list()))
    }
    let file = RuleSetFile(path: path, bytes: Array(data))
    findings.keep(file)
    let ids =
      rules.draft.map { Set($0.declarations.rules.compactMap(\.id?.value)) } ?? Set(rules.rules.map(\.id))
    let expectations = StreamCompiler(rules: ids, findings: findings).compile(file)
    let text = DiagnosticRenderer(sources: findings.sources, color: color).text(findings.list())
    return (findings.hasErrors ? nil : expectations, text)
  }
}
