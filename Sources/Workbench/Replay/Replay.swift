package import Assay
package import RuleSets
internal import Windows

/// Recorded events through a rule set: line for line, in constant memory, a decision or a bad line for each.
package struct Replay {
  /// Lines between two calls of `progress`.
  private static let linesPerProgress = 4_096

  private let engine: Engine<MemoryWindows>
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
      try sink(decision)
    }
  }

  private mutating func refuse(_ reader: borrowing LineReader, _ refusal: EventRefusal) {
    summary.refuse(
      ReplaySummary.BadLine(
        file: reader.name, number: reader.number, code: refusal.code, field: refusal.field,
        message: refusal.message))
  }
}
