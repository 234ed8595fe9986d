internal import OrderedJSON

extension DiagnosticRenderer {
  /// One JSON object a line for each finding; what is absent is null, and the keys stand in one order.
  ///
  /// Findings that are not shown are told by a last object `{"omitted":12}`.
  public func json(_ list: DiagnosticList) -> String {
    var result = list.all.map { json($0) + "\n" }.joined()
    if list.omitted > 0 { result += "{\"omitted\":\(list.omitted)}\n" }
    return result
  }

  /// One finding as one JSON object without a line break.
  ///
  /// `start` and `end` are UTF-8 offsets into the file; `line` and `column` count from 1, columns in Unicode scalars.
  public func json(_ diagnostic: Diagnostic) -> String {
    let notes = diagnostic.notes.map { note in
      "{" + place(note.place) + ",\"message\":" + JSONText.quoted(note.message) + "}"
    }
    let edits = diagnostic.edits.map { edit in
      "{" + place(edit.place) + ",\"replacement\":" + JSONText.quoted(edit.replacement) + "}"
    }
    let fields = [
      "\"code\":" + JSONText.quoted(diagnostic.code),
      "\"severity\":" + JSONText.quoted(diagnostic.severity.rawValue),
      place(diagnostic.place),
      "\"message\":" + JSONText.quoted(diagnostic.message),
      "\"hint\":" + (diagnostic.hint.map(JSONText.quoted) ?? "null"),
      "\"notes\":[" + notes.joined(separator: ",") + "]",
      "\"edits\":[" + edits.joined(separator: ",") + "]",
    ]
    return "{" + fields.joined(separator: ",") + "}"
  }

  private func place(_ place: Diagnostic.Place?) -> String {
    let position = place.flatMap { place in
      place.span.flatMap { span in sources[place.file]?.position(of: span.lowerBound) }
    }
    let numbers: [(name: String, value: Int?)] = [
      ("line", position?.line), ("column", position?.column),
      ("start", place?.span?.lowerBound), ("end", place?.span?.upperBound),
    ]
    let file = "\"file\":" + (place.map { JSONText.quoted($0.file) } ?? "null")
    return numbers.reduce(file) { $0 + ",\"\($1.name)\":" + ($1.value.map { String($0) } ?? "null") }
  }
}
