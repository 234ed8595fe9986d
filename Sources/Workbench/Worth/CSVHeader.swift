/// The columns of a CSV file of labels (RFC 4180, without line breaks in fields), as its first line names them.
struct CSVHeader {
  private let event: Int
  private let label: Int

  init(_ line: [UInt8], in place: ReplaySummary.LinePlace) throws(LabelError) {
    let names = Self.fields(of: line)?.map {
      String(decoding: $0, as: UTF8.self).lowercased()
    }
    guard let names, let event = names.firstIndex(of: "event"),
      let label = names.firstIndex(where: { $0 == "label" || $0 == "fraud" })
    else {
      throw LabelError(
        description:
          "\(place.file):\(place.number): neither JSON nor a line of names with `event` and `label`",
        hint: #"labels are NDJSON, {"event":"ID","fraud":"KIND"}, or CSV under a line `event,label`"#)
    }
    (self.event, self.label) = (event, label)
  }

  /// What a line says below the names.
  func read(_ line: [UInt8]) throws(LabelLine.Fault) -> LabelLine {
    guard let fields = Self.fields(of: line) else {
      throw LabelLine.Fault(message: "a quote is not closed, or text stands behind one")
    }
    guard fields.indices.contains(max(event, label)) else {
      throw LabelLine.Fault(
        message: "\(Counted.text(fields.count, "column")), where the label is in column \(label + 1) "
          + "and the event in column \(event + 1)")
    }
    return try LabelLine(id: fields[event], word: String(decoding: fields[label], as: UTF8.self))
  }

  /// The fields of a line; nil where its quotes do not match. Blanks around a field that is not quoted do not count.
  private static func fields(of line: [UInt8]) -> [ArraySlice<UInt8>]? {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    var fields: [ArraySlice<UInt8>] = []
    var position = 0
    while true {
      while position < line.count, line[position] == 0x20 { position += 1 }
      if position < line.count, line[position] == quote {
        guard let content = quoted(line, &position) else { return nil }
        fields.append(content)
        while position < line.count, line[position] == 0x20 { position += 1 }
        guard position == line.count || line[position] == comma else { return nil }
      } else {
        let end = line[position...].firstIndex(of: comma) ?? line.count
        var content = line[position..<end]
        while content.last == 0x20 { content.removeLast() }
        fields.append(content)
        position = end
      }
      if position >= line.count { return fields }
      position += 1
    }
  }

  /// The content of a quoted field, whose quotes are written twice; `position` is then behind it.
  private static func quoted(_ line: [UInt8], _ position: inout Int) -> ArraySlice<UInt8>? {
    let quote = UInt8(ascii: "\"")
    var content: [UInt8] = []
    position += 1
    while position < line.count {
      if line[position] != quote {
        content.append(line[position])
        position += 1
      } else if position + 1 < line.count, line[position + 1] == quote {
        content.append(quote)
        position += 2
      } else {
        position += 1
        return content[...]
      }
    }
    return nil
  }
}
