internal import CEL

/// What one load has found so far, and the files it has read; shared by all its phases, seen by one thread.
final class Findings {
  private var collector = DiagnosticCollector()
  private var repeated = RepeatedFindings()
  private(set) var sources = SourceFiles()

  var hasErrors: Bool { collector.hasErrors || repeated.hasErrors }
  /// How many different errors were found, those aside that come in groups.
  var errorCount: Int { collector.errorCount }

  /// Everything that was found, sorted and capped.
  func list() -> DiagnosticList {
    var all = collector
    for diagnostic in repeated.all(in: sources) { all.add(diagnostic) }
    return all.list()
  }

  private func add(_ diagnostic: Diagnostic) {
    if !repeated.take(diagnostic) { collector.add(diagnostic) }
  }

  /// `replacement` is what to write in the place of what is wrong, where that is beyond doubt.
  func error(
    _ code: RuleSetCode, at place: Diagnostic.Place, _ message: String, hint: String? = nil,
    notes: [Diagnostic.Note] = [], replacement: String? = nil
  ) {
    add(
      Diagnostic(
        code: code.rawValue, at: place, message: message, hint: hint, notes: notes,
        edits: Self.edits(place, replacement)))
  }

  func warning(
    _ code: RuleSetCode, at place: Diagnostic.Place, _ message: String, hint: String? = nil,
    notes: [Diagnostic.Note] = [], replacement: String? = nil
  ) {
    add(
      Diagnostic(
        code: code.rawValue, severity: .warning, at: place, message: message, hint: hint, notes: notes,
        edits: Self.edits(place, replacement)))
  }

  private static func edits(_ place: Diagnostic.Place, _ replacement: String?) -> [Diagnostic.Edit] {
    guard let replacement, place.span != nil else { return [] }
    return [Diagnostic.Edit(at: place, replacement: replacement)]
  }

  /// Reports what was found in an expression at the places where its characters stand in the file.
  func add(_ found: [ExpressionDiagnostic], in text: SourceString) {
    let places = places(of: text)
    for finding in found {
      let span = places?.sourceRange(ofValueRange: finding.span) ?? text.place.span
      let place = Diagnostic.Place(file: text.place.file, span: span)
      let replacement = places?.isExact == true ? text.replacement(for: finding) : nil
      let cut = cut(text, finding)
      add(
        Diagnostic(
          code: finding.code, severity: finding.severity == .error ? .error : .warning, at: place,
          message: finding.message, hint: cut?.hint ?? finding.hint,
          edits: cut.map { [$0.edit] } ?? Self.edits(place, replacement)))
    }
  }

  /// For an expression that lacks its end because YAML saw a comment, or in braces a comma: what mends that.
  private func cut(_ text: SourceString, _ finding: ExpressionDiagnostic) -> (
    hint: String, edit: Diagnostic.Edit
  )? {
    let codes: [ExpressionDiagnostic.Code] = [.unterminatedString, .unclosedBracket, .unexpectedEnd]
    guard let code = ExpressionDiagnostic.Code(rawValue: finding.code), codes.contains(code),
      text.scalar.style == .plain, let span = text.place.span, let source = sources[text.place.file],
      let edit = UnquotedValue.cut(span, in: source.bytes, file: text.place.file)
    else { return nil }
    return ("to YAML it ends at \(edit.sign): put the whole expression in single quotes, `'…'`", edit.edit)
  }

  /// The place of a part of a text, as UTF-8 offsets into its value.
  func place(_ range: Range<Int>, of text: SourceString) -> Diagnostic.Place {
    let span = places(of: text)?.sourceRange(ofValueRange: range) ?? text.place.span
    return Diagnostic.Place(file: text.place.file, span: span)
  }

  /// The line, from 1, in which a place begins.
  func line(of place: Diagnostic.Place) -> Int {
    sources[place.file]?.position(of: place.span?.lowerBound ?? 0).line ?? 1
  }

  /// A list or mapping on one line as the text that it may be meant as, in quotes.
  func quoted(_ node: SourceNode) -> String? {
    guard let source = sources[node.file] else { return nil }
    return UnquotedValue.quoted(source.bytes[node.node.span.clamped(to: source.bytes.indices)])
  }

  /// Keeps a file's bytes for showing its lines.
  func keep(_ file: RuleSetFile) { sources.add(file.path, bytes: file.bytes) }

  /// The tree of a YAML file; nil when it is no YAML, which is then said.
  func tree(of file: RuleSetFile) -> SourceNode? {
    guard let source = sources[file.path] else { return nil }
    return YAMLReader.read(source, file: file.path, into: &collector)
      .map { SourceNode(file: file.path, node: $0) }
  }

  private func places(of text: SourceString) -> ScalarPlaces? {
    guard let source = sources[text.place.file], let span = text.place.span else { return nil }
    return ScalarPlaces(of: text.scalar, at: span, in: source)
  }
}
