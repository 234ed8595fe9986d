internal import Assay
internal import CEL
internal import Windows

extension EntityState {
  /// The log and the windows for people: a line for each record, and one for each feature.
  package func text(color: Bool = false) -> String {
    let paint = Paint(color: color)
    guard let log else { return "\(paint(address.shown, .strong)) has no log\n" }
    var text = paint(address.shown, .strong) + ", " + log.size + "\n\n"
    text += log.table(paint) + "\n"
    text += "features at \(Self.moment(time))\n\n" + log.featureTable(paint)
    if log.laterCount > 0 {
      let records = log.laterCount == 1 ? "the last record" : "the last \(log.laterCount) records"
      text += "\n\(paint("note", .strong)): \(records) came after that and did not count then\n"
    }
    if let newest = log.newest, newest < time, log.features.allSatisfy(\.isEmpty) {
      text +=
        "\n\(paint("note", .strong)): the newest event is of \(Self.moment(newest)), before all windows; "
        + "`--at` shows them then\n"
    }
    return text
  }
}

extension EntityState.Contents {
  /// The time of the newest event.
  fileprivate var newest: Int64? { records.filter { $0.record.kind == .event }.map(\.record.time).max() }

  /// How much there is, and for how long.
  var size: String {
    let count = records.count == 1 ? "1 record" : "\(records.count) records"
    return "\(count), \(byteCount) bytes, "
      + (expiresIn.map { "expires in \(Self.span($0))" } ?? "never expires")
  }

  private static func span(_ milliseconds: Int64) -> String {
    for (unit, length) in [("d", 86_400_000), ("h", 3_600_000), ("min", 60_000)] as [(String, Int64)]
    where milliseconds >= 2 * length { return "\(milliseconds / length) \(unit)" }
    return "\(milliseconds / 1_000) s"
  }

  fileprivate func table(_ paint: Paint) -> String {
    var table = TextTable(paint)
    for record in records { table.add(record.row(paint)) }
    return table.text
  }

  fileprivate func featureTable(_ paint: Paint) -> String {
    var table = TextTable(paint)
    for feature in features {
      let value = feature.value.shown + (feature.currency.map { " \($0)" } ?? "")
      let isUnknown = feature.value == .missing
      table.add([
        TextTable.Cell(feature.name), TextTable.Cell(value, isUnknown ? .faint : nil),
        TextTable.Cell(feature.flags.joined(separator: ", "), .caution),
      ])
    }
    return table.text
  }
}

extension EntityState.Feature {
  /// Nothing stands in the window.
  fileprivate var isEmpty: Bool {
    switch value {
    case .missing, .int(0), .double(0): true
    default: false
    }
  }
}

extension EntityState.Record {
  fileprivate func row(_ paint: Paint) -> [TextTable.Cell] {
    let isEvent = record.kind == .event
    let details = details(paint)
    let id = isEvent ? record.id : record.target
    return [
      TextTable.Cell(hasTime ? EntityState.moment(record.time) : ""),
      TextTable.Cell(isEvent ? VisibleLine.of(type) : record.kind.rawValue, isEvent ? nil : .strong),
      TextTable.Cell(VisibleLine.of(LogNames.text(id))),
      TextTable.Cell(marks.joined(separator: ", "), .caution),
      TextTable.Cell(details.joined(separator: "  ")),
    ]
  }

  /// The time of a checkpoint is that of the newest record that was cut; where there was none it has none.
  private var hasTime: Bool { record.time != .min }

  private func details(_ paint: Paint) -> [String] {
    switch record.kind {
    case .event:
      let target = VisibleLine.of(LogNames.text(record.target))
      let about = record.reverses ? ["reverses \(target)"] : record.amends ? ["amends \(target)"] : []
      return about + columns.map { $0.text(paint) }
    case .exclusion: return ["the event was blocked: it leaves windows that count accepted events"]
    case .void: return ["the event's id belongs to another: its record counts as never written"]
    case .gap: return ["records up to this time were lost: windows that reach there are unknown"]
    case .checkpoint: return ["the log was cut here: older records are gone for good"]
    case .seal: return ["older records of this log were written anew when it was cut"]
    case .forgotten: return ["the log was erased on purpose"]
    }
  }
}

extension EntityState.Column {
  /// Name and value, an expression in parentheses.
  fileprivate func text(_ paint: Paint) -> String {
    let isPath = name.allSatisfy { $0.isLetter || $0.isNumber || "._#".contains($0) }
    let name = VisibleLine.of(isPath ? name : "(\(name))")
    return paint(name + "=", .faint) + VisibleLine.of(shown)
  }

  /// The first digits of a hash tell values apart.
  private var shown: String {
    guard isHashed, case .text(let digits) = value else { return value.shown }
    return "hash:" + digits.prefix(12)
  }
}
