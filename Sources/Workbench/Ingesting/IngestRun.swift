internal import Assay
package import CEL
package import Ingest
package import OrderedJSON

/// Vendors' messages, one a line, on their way to lines of events.
package struct IngestRun {
  /// How many of each there were.
  package struct Summary: Hashable, Sendable {
    package var events = 0
    package var refusals = 0
    /// Lines that were read.
    package var messages = 0
    /// Events that take back one that had not come before them in this run.
    package internal(set) var unseen = 0
    /// The id of the first that was not seen.
    package internal(set) var firstUnseen: String?

    /// There was nothing to read.
    package var isEmpty: Bool { messages == 0 }

    /// For people: one line, and one more for what is worth a look.
    package var text: String {
      if isEmpty {
        return "no message was read\n    hint: a message a line, in a file or on standard input\n"
      }
      let counts = "\(noun(events, "event")), \(noun(refusals, "message")) refused\n"
      guard let firstUnseen else { return counts }
      return counts
        + "\(noun(unseen, "event")) without what \(unseen == 1 ? "it takes" : "they take") back, such as "
        + "`\(VisibleLine.of(firstUnseen))`\n"
        + "    hint: it has to come from elsewhere under that id, or nothing is taken back\n"
    }

    private func noun(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
  }

  private let ingestion: Ingestion
  private let source: IngestSource
  private let arrival: Timestamp?
  private let base: JSONValue?
  private var hintsSaid: Set<String> = []
  /// Ids of the events that came first, as many as are worth their memory.
  private var seen: Set<String> = []
  private static let seenMax = 100_000
  private static let arrivalBytesMax = "2026-05-01T10:00:00.123456789+00:00".utf8.count
  /// What was met so far.
  package private(set) var summary = Summary()

  /// - Parameters:
  ///   - base: what every event has besides.
  ///   - arrival: when all messages came that do not say it themselves; nil takes each as it is read.
  package init(_ ingestion: Ingestion, source: IngestSource, base: JSONValue?, arrival: Timestamp?) {
    (self.ingestion, self.source, self.base, self.arrival) = (ingestion, source, base, arrival)
  }

  /// Reads the messages of a file, or of standard input as `-`; writes events to `output` and tells `note` why a message,
  /// or an item of one, became none. What is refused does not end the run.
  package mutating func run(
    _ path: String, to output: inout BufferedOutput, note: (String) -> Void
  ) throws {
    var reader = try LineReader(opening: path)
    while let found = try reader.next() {
      summary.messages += 1
      var items: [Result<Item, IngestRefusal>] = []
      do throws(IngestRefusal) {
        if case .tooLong(let bytes) = found { throw .tooLarge(bytes: bytes, max: LineReader.lineBytesMax) }
        items = try self.items(of: [UInt8](copying: reader.line))
      } catch {
        items = [.failure(error)]
      }
      for item in items {
        switch item {
        case .success(let item):
          summary.events += 1
          remember(item)
          try output.write { $0.append(contentsOf: "\(item.json)\n".utf8) }
        case .failure(let refusal):
          summary.refusals += 1
          note(text(of: refusal, at: "\(reader.name):\(reader.number)"))
        }
      }
      if !reader.hasMore { try output.flush() }
    }
    try output.flush()
  }

  /// What becomes a line.
  private struct Item {
    let json: String
    /// Nil for the fields of evidence that no event goes with.
    var event: IngestedEvent?
  }

  private mutating func remember(_ item: Item) {
    guard let event = item.event else { return }
    if let other = event.value["reverses"]?.text, !seen.contains(other), seen.count < Self.seenMax {
      summary.unseen += 1
      summary.firstUnseen = summary.firstUnseen ?? other
    }
    if seen.count < Self.seenMax { seen.insert(event.id) }
  }

  /// A message's events; of evidence that no event goes with, its fields.
  private func items(of line: [UInt8]) throws(IngestRefusal) -> [Result<Item, IngestRefusal>] {
    let (told, message) = try Self.arrival(of: line)
    let arrival = told ?? self.arrival
    do throws(IngestRefusal) {
      let items = try ingestion.items(from: message, source: source, base: base, arrival: arrival)
      return items.map { item in item.map { Item(json: $0.json, event: $0) } }
    } catch {
      guard source.isEvidence, error.code == .noEvent, base == nil else { throw error }
      return [.success(Item(json: try ingestion.evidence(from: message, source: source, arrival: arrival)))]
    }
  }

  /// The moment that a line begins with, and the message behind it: neither a query nor JSON begins with digits and has a
  /// blank behind them.
  private static func arrival(of line: [UInt8]) throws(IngestRefusal) -> (Timestamp?, ArraySlice<UInt8>) {
    let head = line.prefix(arrivalBytesMax + 1).prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
    guard let first = head.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first,
      head.count <= arrivalBytesMax, head.endIndex < line.endIndex
    else { return (nil, line[...]) }
    guard let arrival = Timestamp(rfc3339: String(decoding: head, as: UTF8.self)) else { throw .badArrival }
    return (arrival, line[(head.endIndex + 1)...])
  }

  /// The place, the code and the cause; the way out the first time that it is the same.
  private mutating func text(of refusal: IngestRefusal, at place: String) -> String {
    let hint = refusal.hint.flatMap { hintsSaid.insert($0).inserted ? "    hint: \($0)\n" : nil } ?? ""
    return "\(place): \(refusal.code.rawValue): \(refusal.message)\n" + hint
  }
}
