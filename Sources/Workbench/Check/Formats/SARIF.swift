package import RuleSets

/// The findings of a check in the Static Analysis Results Interchange Format, version 2.1.0.
package struct SARIF: Sendable {
  private let diagnostics: [Diagnostic]
  private let places: FindingPlaces
  private let version: String
  /// The codes that occur, each once, in the order of their first finding.
  private let codes: [String]

  /// A log of one run; `version` is the program's.
  package init(_ loaded: LoadedRuleSet, places: FindingPlaces, version: String) {
    diagnostics = loaded.diagnostics
    (self.places, self.version) = (places, version)
    var seen: Set<String> = []
    codes = loaded.diagnostics.map(\.code).filter { seen.insert($0).inserted }
  }

  /// The log as one JSON object.
  package func json() -> String {
    let driver = JSONValue.object([
      .init("name", .string("assay")), .init("semanticVersion", .string(version)),
      .init("rules", .array(codes.map(rule))),
    ])
    let run = JSONValue.object([
      .init("tool", .object([.init("driver", driver)])),
      .init("columnKind", .string("unicodeCodePoints")),
      .init("results", .array(diagnostics.map(result))),
    ])
    let log = JSONValue.object([
      .init("$schema", .string(Self.schema)), .init("version", .string("2.1.0")),
      .init("runs", .array([run])),
    ])
    return log.encoded() + "\n"
  }

  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  private func rule(_ code: String) -> JSONValue {
    let severities = diagnostics.filter { $0.code == code }.map(\.severity)
    return .object([
      .init("id", .string(code)), .init("shortDescription", text(DiagnosticHelp.title(of: code))),
      .init("help", text(DiagnosticHelp.text(of: code))),
      .init(
        "defaultConfiguration",
        .object([.init("level", .string(severities.contains(.error) ? "error" : "warning"))])),
    ])
  }

  private func result(_ diagnostic: Diagnostic) -> JSONValue {
    let message = diagnostic.message + (diagnostic.hint.map { "\nhint: \($0)" } ?? "")
    var members: [JSONValue.Member] = [
      .init("ruleId", .string(diagnostic.code)),
      .init("ruleIndex", number(codes.firstIndex(of: diagnostic.code) ?? 0)),
      .init("level", .string(diagnostic.severity.rawValue)), .init("message", text(message)),
      .init("locations", .array([location(diagnostic.place)])),
    ]
    let related = diagnostic.notes.compactMap { note in
      note.place.map { location($0, message: note.message) }
    }
    if !related.isEmpty { members.append(.init("relatedLocations", .array(related))) }
    if let fix = fix(diagnostic) { members.append(.init("fixes", .array([fix]))) }
    return .object(members)
  }

  private func location(_ place: Diagnostic.Place, message: String? = nil) -> JSONValue {
    var physical: [JSONValue.Member] = [.init("artifactLocation", artifact(place.file))]
    if let region = places.region(of: place) { physical.append(.init("region", json(region))) }
    var members: [JSONValue.Member] = [.init("physicalLocation", .object(physical))]
    if let message { members.append(.init("message", text(message))) }
    return .object(members)
  }

  /// One fix that edits every place that is meant.
  private func fix(_ diagnostic: Diagnostic) -> JSONValue? {
    var files: [String] = []
    for edit in diagnostic.edits where !files.contains(edit.place.file) { files.append(edit.place.file) }
    guard !files.isEmpty else { return nil }
    let changes = files.map { file in
      let replacements = diagnostic.edits.filter { $0.place.file == file }.compactMap { edit in
        places.region(of: edit.place).map { region in
          JSONValue.object([
            .init("deletedRegion", json(region)),
            .init("insertedContent", .object([.init("text", .string(edit.replacement))])),
          ])
        }
      }
      return JSONValue.object([
        .init("artifactLocation", artifact(file)), .init("replacements", .array(replacements)),
      ])
    }
    return .object([
      .init("description", text(diagnostic.hint ?? diagnostic.message)),
      .init("artifactChanges", .array(changes)),
    ])
  }

  private func artifact(_ file: String) -> JSONValue {
    .object([.init("uri", .string(places.uri(of: file)))])
  }

  private func json(_ region: FindingPlaces.Region) -> JSONValue {
    .object([
      .init("startLine", number(region.start.line)), .init("startColumn", number(region.start.column)),
      .init("endLine", number(region.end.line)), .init("endColumn", number(region.end.column)),
      .init("byteOffset", number(region.offset)), .init("byteLength", number(region.length)),
    ])
  }

  /// Braces stand for placeholders in SARIF and are written twice.
  private func text(_ text: String) -> JSONValue {
    .object([.init("text", .string(text.replacing("{", with: "{{").replacing("}", with: "}}")))])
  }

  private func number(_ value: Int) -> JSONValue { .number(String(value)) }
}
