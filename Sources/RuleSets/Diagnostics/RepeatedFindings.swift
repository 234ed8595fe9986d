internal import CEL

/// Findings about one name at many places, told once: a field that the schema misspells would else fill the screen
/// with the rules that read it, and hide every other mistake.
struct RepeatedFindings {
  /// Places of one group that a note lists, and those that are kept to choose from; the rest is counted.
  private static let shownMax = 8
  private static let keptMax = 1_000
  private static let groupsMax = 2 * DiagnosticCollector.countMax
  /// Of names that are looked up.
  private static let codes: Set<String> = Set(
    [.unknownField, .unknownEventType, .unknownRule, .unknownFeature, .unknownMember, .unlistedMember].map(
      \RuleSetCode.rawValue) + [ExpressionDiagnostic.Code.unknownName.rawValue])

  private struct Key: Hashable {
    let code: String
    let message: String
  }

  private struct Group {
    var kept: Set<Diagnostic> = []
    var count = 0
  }

  private var groups: [Key: Group] = [:]
  private(set) var hasErrors = false

  /// Takes a finding of those that are grouped; false for any other.
  mutating func take(_ diagnostic: Diagnostic) -> Bool {
    guard Self.codes.contains(diagnostic.code) else { return false }
    let key = Key(code: diagnostic.code, message: diagnostic.message)
    guard groups[key] != nil || groups.count < Self.groupsMax else { return false }
    if diagnostic.severity == .error { hasErrors = true }
    var group = groups.removeValue(forKey: key) ?? Group()
    let isKnown = group.kept.contains(diagnostic)
    if !isKnown {
      group.count += 1
      if group.kept.count < Self.keptMax { group.kept.insert(diagnostic) }
    }
    groups[key] = group
    return true
  }

  /// One finding for each group: its first place in full, the others in a note.
  func all(in sources: SourceFiles) -> [Diagnostic] {
    groups.values.compactMap { group in
      let sorted = group.kept.sorted()
      guard let first = sorted.first, group.count > 1 else { return sorted.first }
      var places: [String] = []
      for place in sorted.dropFirst().map(\.place) {
        let line = sources[place.file]?.position(of: place.span?.lowerBound ?? 0).line ?? 1
        let text = "\(place.file):\(line)"
        if places.last != text { places.append(text) }
        if places.count > Self.shownMax { break }
      }
      let more = group.count == 2 ? "1 more place" : "\(group.count - 1) more places"
      let list = places.prefix(Self.shownMax).joined(separator: ", ")
      let note = Diagnostic.Note("and \(more): \(list)\(places.count > Self.shownMax ? ", …" : "")")
      return Diagnostic(
        code: first.code, severity: first.severity, at: first.place, message: first.message, hint: first.hint,
        notes: first.notes + [note], edits: sorted.flatMap(\.edits))
    }
  }
}
