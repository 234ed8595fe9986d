internal import CEL
internal import RuleSets

/// The values that were tried, as people read them: values that come to the same outcomes are one line.
struct TuneTable {
  /// Lines that are shown; the JSON has all values.
  private static let linesMax = 24

  private let report: TuneReport
  /// The lines that are shown: neighbouring rows of the sweep.
  private let lines: [Range<Int>]
  /// No value is left out.
  let isWhole: Bool

  private var sweep: TuneSweep { report.sweep }

  init(_ report: TuneReport) {
    self.report = report
    let folded = Self.fold(report.sweep, report.proposed)
    lines = Self.chosen(of: folded, report)
    isWhole = lines.count == folded.count && report.sweep.valueCount <= report.sweep.rows.count
  }

  /// Neighbours with the same outcomes together; the present and the proposed value stand alone.
  private static func fold(_ sweep: TuneSweep, _ proposed: Int?) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    for index in sweep.rows.indices {
      let isAlone = { (row: Int) in row == sweep.current || row == proposed }
      if let last = lines.last, !isAlone(index), !isAlone(last.lowerBound),
        sweep.rows[last.lowerBound].hasOutcomes(of: sweep.rows[index])
      {
        lines[lines.count - 1] = last.lowerBound..<index + 1
      } else {
        lines.append(index..<index + 1)
      }
    }
    return lines
  }

  /// Where there are too many: the present and the proposed value, and of the others every so many.
  private static func chosen(of lines: [Range<Int>], _ report: TuneReport) -> [Range<Int>] {
    guard lines.count > linesMax else { return lines }
    let step = (lines.count + linesMax - 5) / (linesMax - 4)
    return lines.enumerated().filter { offset, line in
      offset % step == 0 || offset == lines.count - 1 || line.lowerBound == report.sweep.current
        || line.lowerBound == report.proposed
    }.map(\.element)
  }

  func text(_ paint: Paint) -> String {
    let showsBlocks = sweep.changesBlocks
    var table = TextTable(paint)
    let heads =
      ["value", "", "fires", "precision", "all rules: precision", "recall", "caught", "false alarms"]
      + (showsBlocks ? ["blocks: precision", "honest blocked"] : [])
      + ["reviews a day", "amount caught", "changes"]
    table.add(heads.map { .init($0, .faint) })
    for line in lines {
      guard let first = line.first else { continue }
      let row = sweep.rows[first]
      let mark =
        (row.isCurrent ? "now" : "") + (first == report.proposed && first != sweep.current ? "proposed" : "")
      let style: Paint.Style? = mark.isEmpty ? nil : row.isCurrent ? .strong : .good
      var cells: [TextTable.Cell] = [
        .init("\(sweep.target.comparison.order.rawValue) \(span(line, \.text))", style), .init(mark, style),
        .init(span(line) { String($0.fired.raised.events) }),
        .init(span(line) { $0.fired.precision.text }),
        .init(row.reviewed.precision.textWithInterval), .init(row.reviewed.recall.textWithInterval),
        .init(String(row.reviewed.caught.events)), .init(String(row.reviewed.falseAlarms.events)),
      ]
      if showsBlocks {
        cells += [
          .init(row.blocked.precision.textWithInterval), .init(String(row.blocked.falseAlarms.events)),
        ]
      }
      table.add(cells + [.init(reviews(row)), .init(amounts(row.reviewed.caught)), .init(changes(row))])
    }
    return table.text
  }

  /// What the first and the last row of a line have, once where it is the same.
  private func span(_ line: Range<Int>, _ text: (TuneRow) -> String) -> String {
    let (first, last) = (text(sweep.rows[line.lowerBound]), text(sweep.rows[line.upperBound - 1]))
    return first == last ? first : "\(first) … \(last)"
  }

  private func reviews(_ row: TuneRow) -> String {
    guard let mean = report.reviewsPerDay(row) else { return Rate.none }
    let tenths = Int((mean * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) (most \(row.reviewsOfBusiestDay))"
  }

  private func amounts(_ stake: Stake) -> String {
    let tally = report.tally
    return report.currencies.filter { stake.amount($0) != 0 }.map {
      MoneyText.text(stake.amount($0), tally.currencies[$0])
    }.joined(separator: ", ")
  }

  private func changes(_ row: TuneRow) -> String {
    row.orderedChanges.map { "\($0.change.before.rawValue)→\($0.change.after.rawValue) \($0.stakes.events)" }
      .joined(separator: ", ")
  }
}

extension TuneRow {
  /// What changes against the present value, least grave outcomes first.
  var orderedChanges: [(change: OutcomeChange, stakes: StakesByTruth)] {
    changes.map { (change: $0.key, stakes: $0.value) }.sorted {
      ($0.change.before, $0.change.after) < ($1.change.before, $1.change.after)
    }
  }

  /// Whether all events come to the same as with the other value; the rule alone may fire for others.
  func hasOutcomes(of other: TuneRow) -> Bool {
    raised == other.raised && changes == other.changes && reviews == other.reviews
      && reviewsOfBusiestDay == other.reviewsOfBusiestDay
  }
}
