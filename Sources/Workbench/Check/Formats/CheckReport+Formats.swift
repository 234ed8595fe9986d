internal import RuleSets

extension CheckReport {
  /// The findings as SARIF 2.1.0; `folder` as the caller named it, paths told from `here`.
  package func sarif(folder: String, from here: String, version: String) -> String {
    SARIF(loaded, places: FindingPlaces(loaded, folder: folder, from: here), version: version).json()
  }

  /// The findings as commands of a GitHub workflow.
  package func workflowCommands(folder: String, from here: String) -> String {
    WorkflowCommands(loaded, places: FindingPlaces(loaded, folder: folder, from: here)).text
  }

  /// A case for each file that was read: one with errors has failed, warnings are remarks.
  package func junit(folder: String, from here: String) -> String {
    let places = FindingPlaces(loaded, folder: folder, from: here)
    let renderer = DiagnosticRenderer(sources: loaded.sources)
    // What is wrong with a file that could not be read is told in its name all the same.
    let files = Set(loaded.sources.paths).union(loaded.diagnostics.map(\.file)).sorted()
    let cases = files.map { file in
      let found = loaded.diagnostics.filter { $0.file == file }
      func text(_ severity: Diagnostic.Severity) -> String {
        found.filter { $0.severity == severity }.map { renderer.text($0) }.joined(separator: "\n")
      }
      let errors = found.filter { $0.severity == .error }
      let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
      let first = errors.first
      return JUnitReport.Case(
        name: file, group: "assay check", file: places.path(of: file),
        line: first.flatMap { places.region(of: $0.place) }?.start.line,
        outcome: first.map { .failed("[\($0.code)] \($0.message)\(more)", details: text(.error)) } ?? .passed,
        remarks: found.count > errors.count ? text(.warning) : nil)
    }
    let path = places.path(of: ".")
    let isHere = path.isEmpty || path == "."
    let name = isHere ? here.split(separator: "/").last.map(String.init) ?? "/" : path
    return JUnitReport([.init(name: name, cases: cases)]).xml()
  }
}
