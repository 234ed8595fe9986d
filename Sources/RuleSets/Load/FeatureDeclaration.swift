internal import CEL
internal import Windows

/// One entry of `features.yaml`.
struct FeatureDeclaration: Sendable {
  let name: Located<String>
  /// What is aggregated; nil when it was wrong, which was said.
  var aggregation: Located<Aggregation>?
  var value: SourceString?
  var types: EventTypesDeclaration = .any
  var key: [Located<String>] = []
  var overMilliseconds: Located<Int64>?
  var last: Located<Int>?
  var condition: SourceString?
  var delay: Located<Int64>?
  var includesCurrent = true
  var countsAcceptedOnly = false
  var limit = FeatureDeclaration.limitDefault
  /// Kept by so many panes of time instead of record by record.
  var panes: Located<Int>?
  var empty: SourceNode?
  var exported = false

  static let limitDefault = 4_096
  var delayMilliseconds: Int64 { delay?.value ?? 0 }
  private enum Counting: String, CaseIterable { case attempts, accepted }

  init(_ name: Located<String>, _ node: SourceNode, _ findings: Findings) {
    self.name = name
    guard var reader = MappingReader(node, "a feature", findings, anchor: name.place) else { return }
    readAggregation(&reader, name, findings)
    readWindow(&reader, findings)
    if let node = reader.require("by", hint: "the field whose window it is, such as `by: user.id`") {
      key = node.texts(findings, of: "fields", allowsOne: true) ?? []
      if node.node.elements?.isEmpty == true { node.mismatch("at least one field", findings) }
    }
    condition = reader.take("where")?.expression(findings)
    if let counting: Located<Counting> = reader.take("counting")?.choice(findings) {
      countsAcceptedOnly = counting.value == .accepted
    }
    let precision = reader.take("precision")
    panes = precision?.panes(findings)
    checkPanes(&reader, findings)
    empty = reader.take("empty")
    exported = reader.take("export")?.flag(findings)?.value ?? false
    _ = reader.take("description")?.text(findings)
    reader.finish()
  }

  private mutating func readAggregation(
    _ reader: inout MappingReader, _ name: Located<String>, _ findings: Findings
  ) {
    // `last` alone is an aggregation; beside another one it bounds the window.
    let others = Aggregation.allCases.filter { $0 != .last }
    let named = others.filter { reader.has($0.rawValue) }
    let nodes = others.map { ($0, reader.take($0.rawValue)) }
    if named.count > 1, let place = reader.keyPlace(named[1].rawValue) {
      findings.error(
        .conflictingKeys, at: place,
        "a feature has one aggregation: `\(named[0].rawValue)` or `\(named[1].rawValue)`, not both",
        hint: "make two features of it")
    }
    let lastNode = reader.take("last")
    if let first = named.first, let place = reader.keyPlace(first.rawValue) {
      aggregation = Located(value: first, place: place)
      readArgument(nodes.first { $0.0 == first }?.1, &reader, findings)
      if let lastNode { last = lastNode.integer(findings, in: 1...RuleSetLimits.recordsMax) }
    } else if let lastNode, let place = reader.keyPlace("last") {
      aggregation = Located(value: .last, place: place)
      readArgument(lastNode, &reader, findings)
    } else {
      _ = reader.take("of")
      guard !reader.misspells(others.map(\.rawValue)) else { return }
      findings.error(
        .noAggregation, at: name.place, "the feature `\(name.value)` says nothing to compute",
        hint: "name one of \(Choices.text(Aggregation.allCases.map(\.rawValue)))")
    }
  }

  private mutating func readArgument(
    _ node: SourceNode?, _ reader: inout MappingReader, _ findings: Findings
  ) {
    guard let node, let aggregation else { return }
    guard aggregation.value.countsEvents else {
      value = node.expression(findings)
      if let node = reader.take("of") { types = EventTypesDeclaration(node, findings) ?? .any }
      return
    }
    types = EventTypesDeclaration(node, findings) ?? .any
    guard reader.take("of") != nil, let place = reader.keyPlace("of") else { return }
    findings.error(
      .conflictingKeys, at: place, "`\(aggregation.value.rawValue)` names its event types itself",
      hint: "write them behind `\(aggregation.value.rawValue):` and take `of` out")
  }

  /// What panes cannot give is refused: they hold counts and sums and know no records.
  private func checkPanes(_ reader: inout MappingReader, _ findings: Findings) {
    guard let panes, let aggregation else { return }
    if aggregation.value != .count && aggregation.value != .sum {
      findings.error(
        .conflictingKeys, at: panes.place,
        "panes give a `count` or a `sum`, not `\(aggregation.value.rawValue)`",
        hint: "take `precision` out: the feature is exact up to its `limit`")
    }
    if overMilliseconds == nil {
      findings.error(
        .conflictingKeys, at: panes.place, "panes divide a span of time, and there is none",
        hint: "say how far the window reaches: `over: 24h`")
    }
    let others = ["last", "delay", "limit", "counting"].filter { key in
      switch key {
      case "last": last != nil
      case "counting": countsAcceptedOnly
      default: reader.has(key) || reader.keyPlace(key) != nil
      }
    }
    guard let other = others.first else { return }
    findings.error(
      .conflictingKeys, at: panes.place, "panes know no single records, which `\(other)` needs",
      hint: "take `precision` or `\(other)` out")
  }

  private mutating func readWindow(_ reader: inout MappingReader, _ findings: Findings) {
    let span = 1...RuleSetLimits.spanMillisecondsMax
    overMilliseconds = reader.take("over")?.duration(findings, in: span)
    let isLimited = last != nil || reader.has("over") || aggregation == nil
    if !isLimited {
      findings.error(
        .noWindow, at: name.place, "the feature `\(name.value)` has no window",
        hint: "say how far it reaches: `over: 24h`"
          + (aggregation?.value == .last ? "" : ", or `last: 20` for the newest records"))
    }
    delay = reader.take("delay")?.duration(findings, in: 0...RuleSetLimits.spanMillisecondsMax)
    let includes = reader.take("including_current")?.flag(findings)
    includesCurrent = includes?.value ?? true
    if let includes, includes.value, let delay, delay.value > 0 {
      findings.error(
        .conflictingKeys, at: includes.place,
        "a window that ended `\(DurationLiteral.text(delay.value))` ago cannot include the current event",
        hint: "take `including_current` out", notes: [Diagnostic.Note("the delay is here", at: delay.place)])
    }
    if let node = reader.take("limit"), let value = node.integer(findings, in: 1...RuleSetLimits.recordsMax) {
      limit = value.value
    }
    if let last, last.value > limit {
      findings.error(
        .outOfRange, at: last.place, "the newest \(last.value) records are more than the limit of \(limit)",
        hint: "add `limit: \(last.value)`")
    }
  }
}

extension Aggregation {
  /// Whether it is named with event types and needs no value.
  var countsEvents: Bool {
    switch self {
    case .count, .sinceFirst, .sinceLast, .gapMean, .gapVariation: true
    case .sum, .mean, .min, .max, .stddev, .distinct, .first, .last, .share: false
    }
  }
}
