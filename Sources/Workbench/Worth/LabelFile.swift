internal import Assay

/// Why a file of labels is of no use.
package struct LabelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Lower case, no final period.
  package let description: String
  /// What to do about it.
  package let hint: String
}

/// Reads labels, plain or gzip: NDJSON (`{"event":ID,"fraud":KIND}`, also `true`, `false`, `null`) or CSV with a line of
/// names at its top (`event,label`). Which of them is told by the first byte, never by the name.
package enum LabelFile {
  /// Reads a whole file; `-` is standard input.
  package static func read(_ path: String) throws(LabelError) -> Labels {
    var labels = Labels()
    var hasHeader = false
    do {
      var reader = try LineReader(opening: path)
      hasHeader = try read(&reader, into: &labels)
    } catch let error as InputError {
      throw LabelError(description: error.description, hint: "name a file of labels that may be read")
    } catch let error as LabelError {
      throw error
    } catch {
      throw LabelError(description: "\(error)", hint: "name a file of labels that may be read")
    }
    guard labels.count > 0 else { throw empty(path, labels, hasHeader) }
    return labels
  }

  /// Gives back whether a line of names stands at the top.
  private static func read(_ reader: inout LineReader, into labels: inout Labels) throws -> Bool {
    var header: CSVHeader?
    var isFirst = true
    while let found = try reader.next() {
      let place = ReplaySummary.LinePlace(file: reader.name, number: reader.number)
      if case .tooLong(let bytes) = found {
        let refusal = EventRefusal.tooLong(bytes)
        labels.refuse(.init(place: place, code: refusal.code, field: nil, message: refusal.message))
        isFirst = false
        continue
      }
      let line = [UInt8](copying: reader.line)
      if isFirst {
        isFirst = false
        if line.first(where: { $0 != 0x20 && $0 != 0x09 }) != UInt8(ascii: "{") {
          header = try CSVHeader(line, in: place)
          continue
        }
      }
      do throws(LabelLine.Fault) {
        let label =
          if let header { try header.read(line) } else { try LabelLine(json: line) }
        labels.take(id: label.id, label.word, at: place)
      } catch {
        labels.refuse(.init(place: place, code: error.code, field: nil, message: error.message))
      }
    }
    return header != nil
  }

  private static func empty(_ path: String, _ labels: Labels, _ hasHeader: Bool) -> LabelError {
    let name = path == "-" ? "standard input" : path
    guard let first = labels.remarks.first else {
      return LabelError(
        description: "there are no labels in `\(name)`: "
          + (hasHeader ? "nothing stands below the line of names" : "the file is empty"),
        hint: hasHeader
          ? "a line for each event that is a fraud: `ID,KIND`; leave `--labels` out where nothing is known"
          : #"a line for each event that is a fraud: {"event":"ID","fraud":"KIND"}"#)
    }
    return LabelError(
      description: "there are no labels in `\(name)`: of \(labels.badLineCount) lines none is one, the first "
        + "(line \(first.place.number)) because \(first.message)",
      hint: #"a line for each event that is a fraud: {"event":"ID","fraud":"KIND"}"#)
  }
}

/// What one line says: an event's id and its label.
struct LabelLine {
  /// Why a line is no label.
  struct Fault: Error {
    var code = "bad-label"
    let message: String
  }

  let id: ArraySlice<UInt8>
  let word: LabelWord

  init(id: ArraySlice<UInt8>, word text: String) throws(Fault) {
    guard !id.isEmpty else { throw Fault(message: "the event's id is empty") }
    guard text.utf8.count <= Labels.kindBytesMax else {
      throw Fault(
        message: "a label of \(text.utf8.count) bytes, at most \(Labels.kindBytesMax) are allowed")
    }
    self.id = id
    word = LabelWord(text)
  }

  /// A line of NDJSON: nearly all are plain, the rest takes the long way.
  init(json line: [UInt8]) throws(Fault) {
    if let plain = PlainObject(line), let id = plain.event, let word = plain.label {
      try self.init(id: line[id], word: String(decoding: line[word], as: UTF8.self))
      return
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: String(decoding: line, as: UTF8.self))
    } catch {
      throw Fault(code: "not-json", message: error.description)
    }
    guard case .object = value else { throw Fault(message: "a label is an object with `event` and `fraud`") }
    guard let event = value["event"] else { throw Fault(message: "there is no `event`, the id of the event") }
    guard let label = value["fraud"] ?? value["label"] else {
      throw Fault(message: "there is no `fraud`: a kind of fraud, true, false or null")
    }
    try self.init(id: Self.id(event), word: Self.word(label))
  }

  private static func id(_ value: JSONValue) throws(Fault) -> ArraySlice<UInt8> {
    switch value {
    case .string(let text): return Array(text.utf8)[...]
    case .number(let text) where Int64(text) != nil: return Array(text.utf8)[...]
    default: throw Fault(message: "`event` must be an event's id, a text or an integer")
    }
  }

  private static func word(_ value: JSONValue) throws(Fault) -> String {
    switch value {
    case .string(let text): return text
    case .bool(let isFraud): return isFraud ? "true" : "false"
    case .null: return "null"
    case .number(let text) where Int64(text) != nil: return text
    default: throw Fault(message: "`fraud` must be a kind of fraud, true, false or null")
    }
  }
}
