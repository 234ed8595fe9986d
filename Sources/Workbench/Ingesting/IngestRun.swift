package import CEL
package import Ingest
package import OrderedJSON

/// Vendors' messages, one a line, on their way to lines of events.
package struct IngestRun {
  /// How many of each there were.
  package struct Summary: Hashable, Sendable {
    package var events = 0
    package var refusals = 0

    /// For people, on one line.
    package var text: String {
      "\(events) event\(events == 1 ? "" : "s"), \(refusals) message\(refusals == 1 ? "" : "s") refused\n"
    }
  }

  private let ingestion: Ingestion
  private let source: IngestSource
  private let arrival: Timestamp?
  private let base: JSONValue?
  private var hintsSaid: Set<String> = []
  /// What was met so far.
  package private(set) var summary = Summary()

  /// - Parameters:
  ///   - base: what every event has besides.
  ///   - arrival: when all messages came; nil takes each as it is read.
  package init(_ ingestion: Ingestion, source: IngestSource, base: JSONValue?, arrival: Timestamp?) {
    (self.ingestion, self.source, self.base, self.arrival) = (ingestion, source, base, arrival)
  }

  /// Reads the messages of a file, or of standard input as `-`; writes events to `output` and tells `note` why a message
  /// became none. A message that is refused does not end the run.
  package mutating func run(
    _ path: String, to output: inout BufferedOutput, note: (String) -> Void
  ) throws {
    var reader = try LineReader(opening: path)
    var lines: [String] = []
    while let found = try reader.next() {
      do throws(IngestRefusal) {
        if case .tooLong(let bytes) = found { throw .tooLarge(bytes: bytes, max: LineReader.lineBytesMax) }
        lines = try text(of: [UInt8](copying: reader.line))
      } catch {
        lines = []
        summary.refusals += 1
        note(text(of: error, at: "\(reader.name):\(reader.number)"))
      }
      summary.events += lines.count
      for line in lines { try output.write { $0.append(contentsOf: line.utf8) } }
      if !reader.hasMore { try output.flush() }
    }
    try output.flush()
  }

  /// The lines of a message's events; of evidence that no event goes with, its fields.
  private func text(of message: [UInt8]) throws(IngestRefusal) -> [String] {
    do throws(IngestRefusal) {
      let events = try ingestion.events(from: message, source: source, base: base, arrival: arrival)
      return events.map { $0.json + "\n" }
    } catch {
      guard source.isEvidence, error.code == .noEvent, base == nil else { throw error }
      return [try ingestion.evidence(from: message, source: source, arrival: arrival) + "\n"]
    }
  }

  /// The place, the code and the cause; the way out the first time that it is the same.
  private mutating func text(of refusal: IngestRefusal, at place: String) -> String {
    let hint = refusal.hint.flatMap { hintsSaid.insert($0).inserted ? "    hint: \($0)\n" : nil } ?? ""
    return "\(place): \(refusal.code.rawValue): \(refusal.message)\n" + hint
  }
}
