package import Assay
package import RuleSets
internal import CEL
internal import Events
internal import Windows

/// Recorded events through a rule set: line for line, in constant memory, a decision or a bad line for each.
package struct Replay {
  /// Lines between two calls of `progress`.
  private static let linesPerProgress = 4_096

  private let engine: Engine<MemoryWindows>
  /// The words of the schema: what an excerpt of a broken line may show.
  private let names: Set<String>
  private var places = IdentityPlaces()
  package private(set) var summary = ReplaySummary()

  /// How far a file was read.
  package struct Progress: Sendable {
    package let lines: Int
    /// Of the file, as it is stored.
    package let bytesRead: Int
    /// Nil where the size is not known.
    package let bytes: Int?
  }

  /// A replay over fresh windows; `allFeatures` puts every feature of the rule set into each decision.
  package init(rules: RuleSet, allFeatures: Bool = false) {
    engine = Engine(rules: rules, options: EngineOptions(clock: .replay, allFeatures: allFeatures))
    names = rules.schema.names
  }

  /// Decides the events of one file after those of the files before it; `-` is standard input.
  ///
  /// A bad line does not end the run, and neither does a file that ends too early: the summary tells. Only a sink
  /// that cannot take decisions does.
  package mutating func run(
    _ path: String, progress: (Progress) -> Void = { _ in },
    sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    guard var reader = open(path) else { return }
    places.open(reader.name)
    while let found = next(&reader) {
      try decide(found, reader, sink)
      if summary.lines % Self.linesPerProgress == 0 {
        let (bytesRead, bytes) = reader.progress
        progress(Progress(lines: summary.lines, bytesRead: bytesRead, bytes: bytes))
      }
    }
    if reader.hasByteOrderMark {
      summary.warnings.append("`\(reader.name)` begins with a byte order mark, which was skipped")
    }
  }

  private mutating func open(_ path: String) -> LineReader? {
    do {
      return try LineReader(opening: path)
    } catch {
      summary.inputErrors.append(error)
      return nil
    }
  }

  private mutating func next(_ reader: inout LineReader) -> LineReader.Found? {
    do {
      return try reader.next()
    } catch {
      summary.inputErrors.append(error)
      return nil
    }
  }

  private mutating func decide(
    _ found: LineReader.Found, _ reader: borrowing LineReader,
    _ sink: (borrowing Decision) throws(OutputError) -> Void
  ) throws(OutputError) {
    switch found {
    case .tooLong(let bytes):
      let message = "a line of \(bytes) bytes, at most \(LineReader.lineBytesMax) are allowed"
      refuse(reader, EventRefusal(code: "too-large", message: message))
    case .line:
      let decision: Decision
      do {
        decision = try engine.decide(reader.line)
      } catch {
        return refuse(reader, error)
      }
      summary.count(decision)
      if !decision.repeated, !decision.dryRun { places.note(decision.event, line: reader.number) }
      try sink(decision)
    }
  }

  private mutating func refuse(_ reader: borrowing LineReader, _ refusal: EventRefusal) {
    var line = ReplaySummary.BadLine(
      place: ReplaySummary.LinePlace(file: reader.name, number: reader.number), code: refusal.code,
      field: refusal.field, message: refusal.message)
    // Looked into only where it is shown: a file that is not JSON at all costs no more than any other.
    if summary.keepsBadLines {
      switch refusal.code {
      case EventRefusal.conflict: line.first = firstPlace(of: reader.line)
      case DecodeError.Code.notJSON.rawValue: line.fault = JSONFault(in: bytes(of: reader.line), names: names)
      default: break
      }
    }
    summary.refuse(line)
  }

  /// Where the id of an event that contradicts an earlier one was first seen.
  private func firstPlace(of line: Span<UInt8>) -> ReplaySummary.LinePlace? {
    guard let event = try? engine.decode(line) else { return nil }
    return places.first(String(decoding: event.frame.arena[event.id.range], as: UTF8.self))
  }

  private func bytes(of line: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.count)
    for index in line.indices { bytes.append(line[index]) }
    return bytes
  }
}

extension Schema {
  /// Every word of a path, and the paths themselves: a JSON key may be either.
  fileprivate var names: Set<String> {
    var paths = fields.map(\.path) + [identity.id, identity.time, "dry_run"]
    paths += [identity.reverses, identity.amends].compactMap { $0 }
    if case .field(let path) = identity.type { paths.append(path) }
    for field in fields {
      if case .money(let minor, let currency) = field.type { paths += [minor, currency] }
    }
    return Set(paths + paths.flatMap { $0.split(separator: ".").map(String.init) })
  }
}
