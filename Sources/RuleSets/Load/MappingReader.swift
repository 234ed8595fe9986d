internal import CEL

/// Takes the entries of a mapping one by one; the keys that were asked for are the ones that are known.
struct MappingReader {
  let place: Diagnostic.Place
  /// What the mapping describes, for messages: `a rule`.
  let what: String
  private let file: String
  private let findings: Findings
  private let entries: [String: YAMLEntry]
  private let order: [YAMLEntry]
  private var asked: [String] = []
  private var missing: [(key: String, hint: String?)] = []

  /// Reports anything but a mapping.
  init?(_ source: SourceNode, _ what: String, _ findings: Findings, anchor: Diagnostic.Place? = nil) {
    guard let order = source.node.entries else {
      source.mismatch("\(what) (`key: value` lines)", findings)
      return nil
    }
    self.what = what
    self.findings = findings
    self.order = order
    file = source.file
    place = anchor ?? source.place
    entries = Dictionary(order.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The value of a key; a key without a value counts as absent when it may be.
  mutating func take(_ key: String) -> SourceNode? {
    asked.append(key)
    return entries[key].map { SourceNode(file: file, node: $0.value) }
  }

  /// The value of a key that must be there; `finish` says when it is not.
  mutating func require(_ key: String, hint: String? = nil) -> SourceNode? {
    if let value = take(key) { return value }
    missing.append((key, hint))
    return nil
  }

  /// Whether a key that is not known looks like one of `keys`.
  func misspells(_ keys: [String]) -> Bool {
    order.contains { entry in
      !keys.contains(entry.name)
        && (DidYouMean.nearest(to: entry.name, among: keys) != nil
          || !FamiliarWords.keys(like: entry.name, among: keys).isEmpty)
    }
  }

  func has(_ key: String) -> Bool { entries[key] != nil }

  /// Where a key stands.
  func keyPlace(_ key: String) -> Diagnostic.Place? {
    entries[key].map { Diagnostic.Place(file: file, span: $0.nameSpan) }
  }

  /// Reports the keys that nobody asked for and those that are missing. A key that looks like a missing one is said
  /// once: as a misspelling.
  func finish() {
    var misspelled: Set<String> = []
    for entry in order where !asked.contains(entry.name) {
      let absent = asked.filter { entries[$0] == nil }
      let same = FamiliarWords.keys(like: entry.name, among: absent)
      let hint: String
      var replacement: String?
      if let meant = same.first, same.count == 1 {
        misspelled.insert(meant)
        hint = "write `\(meant)`"
        replacement = meant
      } else if let near = DidYouMean.nearest(to: entry.name, among: absent) {
        misspelled.insert(near)
        hint = "did you mean `\(near)`?"
        replacement = near
      } else if entry.name.utf8.count > 2, let near = DidYouMean.nearest(to: entry.name, among: asked) {
        hint = "`\(near)` is there already: take this one out"
      } else {
        hint = "the keys of \(what) are \(Choices.text(asked, joinedBy: "and"))"
      }
      findings.error(
        .unknownKey, at: Diagnostic.Place(file: file, span: entry.nameSpan),
        "\(what) has no key `\(SourceNode.shortened(entry.name))`", hint: hint, replacement: replacement)
    }
    for (key, hint) in missing where !misspelled.contains(key) {
      findings.error(.missingKey, at: head, "\(what) needs `\(key)`", hint: hint)
    }
  }

  /// The first key: where to show what a mapping lacks without underlining all of it.
  var head: Diagnostic.Place {
    guard let first = order.first else { return place }
    return Diagnostic.Place(file: file, span: place.span == nil ? nil : first.nameSpan)
  }
}

extension SourceNode {
  /// The elements of a list; one value alone counts as a list of one where `allowsOne`.
  func elements(_ findings: Findings, of what: String, allowsOne: Bool = false) -> [SourceNode]? {
    if let elements = node.elements { return elements.map { SourceNode(file: file, node: $0) } }
    if allowsOne, node.scalar != nil { return [self] }
    mismatch("a list of \(what)", findings)
    return nil
  }

  /// The entries of a mapping from names that authors choose.
  func namedEntries(
    _ findings: Findings, of what: String
  ) -> [(name: Located<String>, value: SourceNode)]? {
    guard let entries = node.entries else {
      mismatch("a mapping of names to \(what)", findings)
      return nil
    }
    return entries.map { entry in
      let place = Diagnostic.Place(file: file, span: entry.nameSpan)
      return (Located(value: entry.name, place: place), SourceNode(file: file, node: entry.value))
    }
  }

  /// Texts in a list, each once.
  func texts(_ findings: Findings, of what: String, allowsOne: Bool = false) -> [Located<String>]? {
    guard let elements = elements(findings, of: what, allowsOne: allowsOne) else { return nil }
    guard elements.count <= RuleSetLimits.listedMax else {
      findings.error(
        .tooMany, at: place,
        "\(elements.count) \(what), at most \(RuleSetLimits.listedMax.grouped) are allowed")
      return nil
    }
    return elements.compactMap { $0.text(findings) }
  }
}
