/// Reads one file in the strict subset of YAML into a tree that knows the place of every key and value.
///
/// The tree is built from libyaml's events without recursion. What the subset leaves out (anchors, aliases, merge
/// keys, tags, keys that are not scalars, repeated keys, several documents, directives, `? ` keys) is found and told in
/// one go; a syntax error or a limit ends the reading.
package struct YAMLReader: ~Copyable {
  private let source: SourceText
  private let file: String
  private var findings: [Diagnostic] = []
  private var builder = YAMLTreeBuilder()
  private var nodeCount = 0
  private var documentCount = 0
  /// Where the last event ended: what lies between it and a key tells whether the key was written with `?`.
  private var lastEnd = 0
  /// The last quoted text, if it goes on over several lines.
  private var lastLongText: Range<Int>?

  private init(_ source: SourceText, file: String) {
    self.source = source
    self.file = file
  }

  /// The file's value, an empty file's is null; nil if anything was wrong, which `diagnostics` then says.
  package static func read(
    _ source: SourceText, file: String, into diagnostics: inout DiagnosticCollector
  ) -> YAMLNode? {
    if let problem = SourceCheck.problem(in: source, file: file) {
      diagnostics.add(problem)
      return nil
    }
    guard var parser = YAMLEventParser(source) else {
      diagnostics.add(
        Diagnostic(
          code: "yaml-out-of-memory", at: Diagnostic.Place(file: file, span: nil),
          message: "not enough memory to read the file"))
      return nil
    }
    var reader = YAMLReader(source, file: file)
    while reader.take(parser.next()) {}
    for finding in reader.findings { diagnostics.add(finding) }
    guard reader.findings.isEmpty else { return nil }
    let empty = YAMLScalar(text: "", style: .plain)
    return reader.builder.root ?? YAMLNode(content: .scalar(empty), span: 0..<0)
  }

  /// Handles one event; false when there is nothing more to read.
  private mutating func take(_ event: YAMLEvent) -> Bool {
    guard findings.count < DiagnosticCollector.countMax else { return false }
    let gap = lastEnd..<max(lastEnd, event.span.lowerBound)
    if let finding = LayoutCheck.comment(in: gap, of: source.bytes) { report(finding) }
    defer { lastEnd = max(lastEnd, Self.end(of: event)) }
    switch event.kind {
    case .streamEnd: return false
    case .documentEnd: return true
    case .documentStart(let hasDirective, _): return startDocument(event.span, hasDirective: hasDirective)
    case .syntaxError(let problem, let context, let contextStart):
      let place = event.span.lowerBound
      findings.append(
        takeUnclosedQuote(before: place)
          ?? SyntaxProblem.diagnostic(
            problem: problem, context: context, contextStart: contextStart, at: place, in: source, file: file)
      )
      return false
    case .outOfMemory:
      report("yaml-out-of-memory", event.span, "not enough memory to read the file")
      return false
    case .sequenceEnd, .mappingEnd:
      if let brackets = builder.end(at: event.span) { checkContinuation(of: brackets) }
      return true
    case .alias, .scalar, .sequenceStart, .mappingStart:
      return takeNode(event)
    }
  }

  /// libyaml counts the `?` of a pair in brackets to the start of the pair's mapping, where it would go unseen.
  private static func end(of event: YAMLEvent) -> Int {
    if case .mappingStart = event.kind { event.span.lowerBound } else { event.span.upperBound }
  }

  private mutating func startDocument(_ span: Range<Int>, hasDirective: Bool) -> Bool {
    documentCount += 1
    if hasDirective {
      let line = source.range(ofLine: source.position(of: span.lowerBound).line)
      report(
        "yaml-directive", span.lowerBound..<max(span.lowerBound, line.upperBound),
        "directives are not part of this subset of YAML", hint: "take the line out")
    }
    guard documentCount == 1 else {
      report(
        "yaml-several-documents", span.lowerBound..<min(span.lowerBound + 3, source.bytes.count),
        "a second document in one file", hint: "put it into a file of its own")
      return false
    }
    return true
  }

  private mutating func takeNode(_ event: YAMLEvent) -> Bool {
    nodeCount += 1
    guard nodeCount <= YAMLLimits.nodesMax else {
      report("yaml-too-many-nodes", event.span, "more than \(YAMLLimits.nodesMax) values in one file")
      return false
    }
    checkProperties(event)
    let isKey = builder.expectsKey
    if isKey { checkComplexKey(at: event.span) }
    switch event.kind {
    case .alias:
      let unquoted = UnquotedValue.diagnostic(around: event.span.lowerBound, in: source.bytes, file: file)
      if let unquoted {
        // What follows cannot be read either, for the same reason.
        findings.append(unquoted)
        return false
      }
      report(
        "yaml-alias", event.span, "aliases are not part of this subset of YAML",
        hint: "write the value out here")
      builder.add(nil, span: event.span)
    case .scalar(let scalar):
      checkLayout(of: scalar, at: event.span)
      if isKey { takeKey(scalar, at: event.span) } else { builder.add(scalar, span: event.span) }
    case .sequenceStart(let isFlow), .mappingStart(let isFlow):
      if isKey {
        report("yaml-key-not-scalar", event.span, "a key must be text, not a list or a mapping")
      }
      guard builder.depth < YAMLLimits.depthMax else {
        report("yaml-too-deep", event.span, "more than \(YAMLLimits.depthMax) levels of nesting")
        return false
      }
      var shape = YAMLTreeBuilder.Shape.mapping
      if case .sequenceStart = event.kind { shape = .sequence }
      // Only a block's column is asked for: it is small, while brackets may stand anywhere in a very long line.
      let column = isFlow ? nil : source.position(of: event.span.lowerBound).column - 1
      builder.begin(shape, at: event.span, column: column)
    default: break
    }
    return true
  }

  private mutating func takeKey(_ scalar: YAMLScalar, at span: Range<Int>) {
    if scalar.style == .plain, scalar.text.isEmpty {
      report("yaml-empty-key", span, "a value without a key", hint: "write the key before the `:`")
    } else if scalar.style == .plain, scalar.text == "<<" {
      report(
        "yaml-merge-key", span, "merge keys are not part of this subset of YAML",
        hint: "write the entries out here")
    }
    if let first = builder.place(ofKey: scalar.text) {
      let place = Diagnostic.Place(file: file, span: first)
      report(
        "yaml-duplicate-key", span, "the key `\(scalar.text)` stands twice in one mapping",
        hint: "keep one of the two", notes: [Diagnostic.Note("first here", at: place)])
    }
    builder.addKey(scalar.text, span: span)
  }

  /// Reports an anchor and a tag, which stand before their node in either order.
  private mutating func checkProperties(_ event: YAMLEvent) {
    if event.hasAnchor {
      report(
        "yaml-anchor", property(UInt8(ascii: "&"), from: event.span),
        "anchors are not part of this subset of YAML", hint: "take the anchor out")
    }
    if event.hasTag {
      if let unquoted = UnquotedValue.diagnostic(around: event.span.lowerBound, in: source.bytes, file: file)
      {
        findings.append(unquoted)
        return
      }
      report(
        "yaml-tag", property(UInt8(ascii: "!"), from: event.span), "tags are not part of this subset of YAML",
        hint: SyntaxProblem.tagHint)
    }
  }

  /// The anchor or tag among the first two words of a node.
  private func property(_ sign: UInt8, from span: Range<Int>) -> Range<Int> {
    let words = source.bytes[span.lowerBound...].split(maxSplits: 2, whereSeparator: { $0 <= 0x20 })
    for word in words.prefix(2) where word.first == sign { return word.startIndex..<word.endIndex }
    return span.lowerBound..<min(span.lowerBound + 1, source.bytes.count)
  }

  /// Between the last event and a key there are only indicators, space and comments: a `?` there is an explicit key.
  private mutating func checkComplexKey(at span: Range<Int>) {
    let gap = lastEnd..<max(lastEnd, span.lowerBound)
    guard let index = LayoutCheck.questionMark(in: gap, of: source.bytes) else { return }
    report(
      "yaml-complex-key", index..<index + 1, "`? ` keys are not part of this subset of YAML",
      hint: "write `name: value`; put text that begins with `?` in quotes")
  }

  /// A syntax error on the line in which a quoted text of several lines ends: the text has most likely a quote too few,
  /// and went on to the next.
  private mutating func takeUnclosedQuote(before place: Int) -> Diagnostic? {
    guard let text = lastLongText, text.upperBound <= place,
      !source.bytes[text.upperBound..<min(place, source.bytes.count)].contains(where: ScalarBytes.isBreak)
    else { return nil }
    // How the lines are indented that the text went on to does not matter then.
    findings.removeAll { $0.code == "yaml-indentation" && text.contains($0.span?.lowerBound ?? 0) }
    return SyntaxProblem.unclosedQuote(
      at: text.lowerBound, file: file, endsAtLine: source.position(of: text.upperBound).line)
  }

  private mutating func checkLayout(of scalar: YAMLScalar, at span: Range<Int>) {
    switch scalar.style {
    case .plain where scalar.text == "-":
      report("yaml-lone-dash", span, "a `-` that begins no list", hint: "put it in quotes")
    case .plain: break
    case .singleQuoted, .doubleQuoted:
      if source.bytes[span].contains(where: ScalarBytes.isBreak) { lastLongText = span }
      checkContinuation(of: span)
    case .literal, .folded:
      if let finding = LayoutCheck.block(span, of: source.bytes) { report(finding) }
    }
  }

  private mutating func checkContinuation(of span: Range<Int>) {
    guard !span.isEmpty else { return }
    if let finding = LayoutCheck.continuation(of: span, insideBlockAt: builder.blockColumn, of: source.bytes)
    {
      report(finding)
    }
  }

  private mutating func report(_ finding: LayoutCheck.Finding) {
    report(finding.code, finding.span, finding.message, hint: finding.hint)
  }

  private mutating func report(
    _ code: String, _ span: Range<Int>, _ message: String, hint: String? = nil, notes: [Diagnostic.Note] = [],
    edits: [Diagnostic.Edit] = []
  ) {
    let place = Diagnostic.Place(file: file, span: span)
    findings.append(
      Diagnostic(code: code, at: place, message: message, hint: hint, notes: notes, edits: edits))
  }
}
