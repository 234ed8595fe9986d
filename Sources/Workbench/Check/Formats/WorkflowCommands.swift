package import RuleSets

/// The findings of a check as commands of a GitHub workflow, which shows them beside the lines of a change.
package struct WorkflowCommands: Sendable {
  private let loaded: LoadedRuleSet
  private let places: FindingPlaces

  /// Commands for what was found.
  package init(_ loaded: LoadedRuleSet, places: FindingPlaces) {
    (self.loaded, self.places) = (loaded, places)
  }

  /// A line for each finding; empty where there is none.
  package var text: String {
    let lines = loaded.diagnostics.map(line)
    let omitted = loaded.findings.omitted
    let more = omitted > 0 ? ["::notice::and \(omitted) more findings that are not shown"] : []
    return (lines + more).map { $0 + "\n" }.joined()
  }

  private func line(_ diagnostic: Diagnostic) -> String {
    var properties = [("file", places.path(of: diagnostic.file))]
    if let region = places.region(of: diagnostic.place) {
      properties.append(("line", String(region.start.line)))
      properties.append(("endLine", String(region.end.line)))
      // Columns are shown only where both are of one line.
      if region.start.line == region.end.line {
        properties.append(("col", String(region.start.column)))
        properties.append(("endColumn", String(region.end.column)))
      }
    }
    properties.append(("title", diagnostic.code))
    let list = properties.map { "\($0.0)=\(Self.escaped($0.1, isProperty: true))" }.joined(separator: ",")
    let message = diagnostic.message + (diagnostic.hint.map { "\nhint: \($0)" } ?? "")
    return "::\(diagnostic.severity.rawValue) \(list)::\(Self.escaped(message, isProperty: false))"
  }

  /// What would end the line or the property, as the runner reads it back.
  private static func escaped(_ text: String, isProperty: Bool) -> String {
    text.replacingScalars { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      case ":" where isProperty: "%3A"
      case "," where isProperty: "%2C"
      default: nil
      }
    }
  }
}
