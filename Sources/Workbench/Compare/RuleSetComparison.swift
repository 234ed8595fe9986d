internal import Assay
package import RuleSets
internal import Windows

/// Two rule sets over the same recorded events: each line is read once and decided by both, each with windows of its
/// own, as if each had been live all along.
package struct RuleSetComparison {
  private static let linesPerProgress = 4_096
  /// Events that only one of the two takes, of which the refusal is kept.
  private static let refusalSamplesMax = 10

  private let before: Engine<MemoryWindows>
  private let after: Engine<MemoryWindows>
  private let pairing: DecisionPairing
  private let laterThresholds: Thresholds
  private let names: Set<String>
  private let samplesMax: Int
  package private(set) var summary = ComparisonSummary()

  /// A comparison over fresh windows that keeps `samplesMax` samples of each kind of change.
  ///
  /// - Parameters:
  ///   - labels: what the events were in truth; nil where nobody knows.
  ///   - amount: the field that is the money at stake; nil takes the money fields of `after`.
  ///   - bytesMax: for the windows of each.
  package init(
    before: RuleSet, after: RuleSet, samplesMax: Int, labels: Labels? = nil, amount: AmountField? = nil,
    bytesMax: Int = Engine<MemoryWindows>.bytesMaxDefault
  ) {
    self.before = Engine(rules: before, options: EngineOptions(clock: .replay), bytesMax: bytesMax)
    self.after = Engine(rules: after, options: EngineOptions(clock: .replay), bytesMax: bytesMax)
    pairing = DecisionPairing(before: before, after: after, amount: amount)
    laterThresholds = after.thresholds
    names = before.schema.names.union(after.schema.names)
    self.samplesMax = samplesMax
    summary.namesAmountFields = pairing.hasSeveralAmounts
    summary.truth = labels.map { ComparisonTruth(after, $0, amount) }
  }

  /// Decides the events of one file after those of the files before it; `-` is standard input. A bad line does not end
  /// the run, and neither does a file that ends too early: the summary tells.
  package mutating func run(_ path: String, progress: (Replay.Progress) -> Void = { _ in }) {
    do throws(InputError) {
      var reader = try LineReader(opening: path)
      while let found = try reader.next() {
        let place = ReplaySummary.LinePlace(file: reader.name, number: reader.number)
        switch found {
        case .tooLong(let bytes):
          summary.refuse(ReplaySummary.BadLine(place, .tooLong(bytes), faultIn: nil, names: names))
        case .line: compare(reader.line, at: place)
        }
        guard summary.lines % Self.linesPerProgress == 0 else { continue }
        let (bytesRead, bytes) = reader.progress
        progress(Replay.Progress(lines: summary.lines, bytesRead: bytesRead, bytes: bytes))
      }
      if reader.hasByteOrderMark {
        summary.warnings.append("`\(reader.name)` begins with a byte order mark, which was skipped")
      }
    } catch {
      summary.inputErrors.append(error)
    }
  }

  /// Decides events in the order of their times.
  package mutating func run(_ events: SortedEvents, progress: (Replay.Progress) -> Void = { _ in }) {
    summary.inputErrors += events.inputErrors
    for (place, bytes) in events.tooLong {
      summary.refuse(ReplaySummary.BadLine(place, .tooLong(bytes), faultIn: nil, names: names))
    }
    for index in 0..<events.count {
      let (line, place) = events.line(index)
      compare(line.span, at: place)
      guard summary.lines % Self.linesPerProgress == 0 else { continue }
      progress(Replay.Progress(lines: summary.lines, bytesRead: index + 1, bytes: events.count))
    }
  }

  private mutating func compare(_ line: Span<UInt8>, at place: ReplaySummary.LinePlace) {
    let old: ExaminedDecision
    do throws(EventRefusal) {
      old = try before.examine(line)
    } catch {
      return compareRefused(error, line, at: place)
    }
    let new: ExaminedDecision
    do throws(EventRefusal) {
      new = try after.examine(line)
    } catch {
      before.finish(old)
      return note(error, isBefore: false, line, at: place)
    }
    count(old, new, at: place)
    before.finish(old)
    after.finish(new)
  }

  /// The earlier rule set refused the event; what does the later one?
  private mutating func compareRefused(
    _ refusal: EventRefusal, _ line: Span<UInt8>, at place: ReplaySummary.LinePlace
  ) {
    do throws(EventRefusal) {
      after.finish(try after.examine(line))
      note(refusal, isBefore: true, line, at: place)
    } catch {
      // What the later one says: its author reads this.
      let isShown = summary.keepsBadLines
      summary.refuse(
        ReplaySummary.BadLine(
          place, error, faultIn: isShown ? [UInt8](copying: line) : nil, names: names))
    }
  }

  private mutating func note(
    _ refusal: EventRefusal, isBefore: Bool, _ line: Span<UInt8>, at place: ReplaySummary.LinePlace
  ) {
    summary.lines += 1
    let refused = ComparisonSummary.Refused(code: refusal.code, isRefusedBefore: isBefore)
    summary.refusedByOne[refused, default: 0] += 1
    guard summary.refusalSamples.count < Self.refusalSamplesMax else { return }
    summary.refusalSamples.append(
      (refused, ReplaySummary.BadLine(place, refusal, faultIn: nil, names: names)))
  }

  private mutating func count(
    _ old: borrowing ExaminedDecision, _ new: borrowing ExaminedDecision, at place: ReplaySummary.LinePlace
  ) {
    summary.lines += 1
    let label = summary.truth?.count(old.decision, new)
    guard let change = summary.count(old.decision, new.decision, laterThresholds) else { return }
    let (parties, amounts) = (pairing.parties(old, new), pairing.amounts(new))
    summary.count(change, parties, amounts: amounts, truth: label?.truth ?? .unknown)
    guard summary.samples[change]?.count ?? 0 < samplesMax else { return }
    let truth = label.flatMap { summary.truth?.truth(of: $0) }
    summary.samples[change, default: []].append(
      pairing.sample(old, new, parties, amounts, truth: truth, at: place))
  }
}
