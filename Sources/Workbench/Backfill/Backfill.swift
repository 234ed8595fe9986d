internal import Assay
package import RuleSets
internal import CEL
internal import Events
package import Windows

/// A recorded history on its way into a store of windows, without deciding: ids are claimed, records appended, and what
/// is known of decisions is put with them. Constant memory, however long the history is.
///
/// While one batch is under way the next is read. A run that was stopped is run again from the beginning: every event's
/// id says whether the event is there.
package struct Backfill {
  private static let batchEventsMax = 1_024
  /// Of keys and records; well below what a connection lets wait.
  private static let batchBytesMax = 2 << 20

  private let recording: any EventRecording
  private let names: Set<String>
  private let decisions: RecordedDecisions?
  private var batch = Batch()
  private var underWay: UnderWay?
  package private(set) var summary = BackfillSummary()

  /// What is gathered for the store.
  private struct Batch {
    var events: [RecordedEvent] = []
    var lines: [ReplaySummary.LinePlace] = []
    var byteCount = 0
  }

  /// What was sent, and the line that it reaches to.
  private struct UnderWay {
    let batch: Batch
    let answer: PendingBatch
    let end: ReplaySummary.LinePlace
  }

  /// A backfill through `recording`; `decisions` are those that `replay` wrote for the same history.
  package init(
    rules: RuleSet, recording: any EventRecording, decisions: RecordedDecisions? = nil
  ) {
    self.recording = recording
    names = rules.schema.names
    self.decisions = decisions
    if recording.excludesBlocked && decisions == nil {
      let accepted = rules.features.filter {
        rules.plan.entities[$0.entity].features[$0.index].countsAcceptedOnly
      }
      summary.warnings.append(
        "\(accepted.map { "`\($0.name)`" }.joined(separator: ", ")) count accepted events: without "
          + "`--decisions` every event counts as accepted")
    }
  }

  /// Takes in the events of one file after those of the files before it; `-` is standard input. A bad line does not end
  /// the run, nor does a file that ends too early: the summary tells. A store that fails does.
  package mutating func run(
    _ path: String, progress: (Replay.Progress) -> Void = { _ in }
  ) throws(ArchiveFailure) {
    var reader: LineReader
    do throws(InputError) {
      reader = try LineReader(opening: path)
    } catch {
      return summary.inputErrors.append(error)
    }
    var end: ReplaySummary.LinePlace?
    while let place = takeNext(&reader) {
      end = place
      if batch.events.count >= Self.batchEventsMax || batch.byteCount >= Self.batchBytesMax {
        try send(upTo: place)
        let (bytesRead, bytes) = reader.progress
        progress(Replay.Progress(lines: summary.lines, bytesRead: bytesRead, bytes: bytes))
      }
    }
    // Also where the file ended too early: what was read of it is good.
    if let end { try send(upTo: end) }
    try settle()
    if reader.hasByteOrderMark {
      summary.warnings.append("`\(reader.name)` begins with a byte order mark, which was skipped")
    }
  }

  /// What is left to say once all files were read.
  package mutating func conclude() {
    guard let decisions else { return }
    if decisions.passedOverCount > 0 {
      summary.warnings.append(
        "\(decisions.passedOverCount) decisions of `\(decisions.name)` were passed over: no event of theirs came near "
          + "their place")
    }
    guard let file = decisions.badLine else { return }
    let count = decisions.badLineCount
    summary.warnings.append(
      "`\(file.file)` has \(count == 1 ? "a line" : "\(count) lines") that \(count == 1 ? "is" : "are") no "
        + "decision, the first at line \(file.number)")
  }

  /// Takes the next line and tells its place; nil at the end of the file, or where it cannot be read on.
  private mutating func takeNext(_ reader: inout LineReader) -> ReplaySummary.LinePlace? {
    do throws(InputError) {
      guard let found = try reader.next() else { return nil }
      summary.lines += 1
      let place = ReplaySummary.LinePlace(file: reader.name, number: reader.number)
      switch found {
      case .tooLong(let bytes): refuse(place, .tooLong(bytes))
      case .line: try take(reader.line, place)
      }
      return place
    } catch {
      summary.inputErrors.append(error)
      return nil
    }
  }

  private mutating func take(_ line: Span<UInt8>, _ place: ReplaySummary.LinePlace) throws(InputError) {
    let visit: Visit
    do throws(EventRefusal) {
      visit = try recording.visit(line)
    } catch {
      // Looked into only where it is shown.
      return refuse(place, error, line: summary.keepsBadLines ? [UInt8](copying: line) : nil)
    }
    if visit.event.dryRun {
      summary.dryRuns += 1
      return
    }
    batch.byteCount += visit.bytes.count
    batch.events.append(try recorded(visit))
    batch.lines.append(place)
  }

  private mutating func recorded(_ visit: Visit) throws(InputError) -> RecordedEvent {
    guard let decisions else { return RecordedEvent(visit: visit) }
    let id = visit.event.frame.text(visit.event.id)
    guard let decision = try decisions.decision(for: id) else {
      return RecordedEvent(visit: visit)
    }
    let (isRemembered, isExcluded) = recording.consequences(of: decision)
    return RecordedEvent(
      visit: visit, decision: isRemembered ? decision.record : nil, isExcluded: isExcluded)
  }

  private mutating func refuse(
    _ place: ReplaySummary.LinePlace, _ refusal: EventRefusal, line: [UInt8]? = nil
  ) {
    summary.keep(ReplaySummary.BadLine(place, refusal, faultIn: line, names: names))
  }

  /// Sends what is gathered, once what was sent before is in.
  private mutating func send(upTo place: ReplaySummary.LinePlace) throws(ArchiveFailure) {
    try settle()
    underWay = UnderWay(batch: batch, answer: recording.begin(batch.events), end: place)
    batch = Batch()
  }

  private mutating func settle() throws(ArchiveFailure) {
    guard let sent = underWay else { return }
    underWay = nil
    let answers = try sent.answer.wait().get()
    for (index, answer) in answers.enumerated() {
      count(answer, sent.batch.events[index], sent.batch.lines[index])
    }
    summary.reached = sent.end
  }

  private mutating func count(
    _ answer: RecordedEvent.Answer, _ event: RecordedEvent, _ place: ReplaySummary.LinePlace
  ) {
    switch answer {
    case .known: return summary.known += 1
    case .conflict:
      let id = event.visit.event.frame.text(event.visit.event.id)
      return refuse(
        place,
        EventRefusal(
          code: EventRefusal.conflict, message: "the id `\(id)` was seen before with other content"))
    case .leftOut(let failure): return summary.leaveOut(failure)
    case .resumed: summary.resumed += 1
    case .appended: break
    }
    summary.appended += 1
    if event.decision != nil { summary.remembered += 1 }
    if event.isExcluded { summary.excluded += 1 }
    if decisions != nil && event.decision == nil { summary.undecided += 1 }
  }
}
