internal import RuleSets

/// Applies edits to a file's bytes; nothing beside what they name is touched.
enum TextEdits {
  /// The bytes with every edit made. Of two edits that overlap, the first stands; one twice is one.
  static func apply(_ edits: [Diagnostic.Edit], to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    let placed = edits.compactMap { edit in edit.place.span.map { (span: $0, text: edit.replacement) } }
      .sorted { ($0.span.lowerBound, $0.span.upperBound) < ($1.span.lowerBound, $1.span.upperBound) }
    for (span, text) in placed where span.lowerBound >= position && span.upperBound <= bytes.count {
      result += bytes[position..<span.lowerBound]
      result += text.utf8
      position = span.upperBound
    }
    return result + bytes[position...]
  }
}
