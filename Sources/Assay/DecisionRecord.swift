import RuleSets

/// The compact form in which a store remembers a decision, so that a retry gets the answer that was given, whatever
/// rule set is loaded by then. It holds everything but the marks that belong to one delivery.
extension Decision {
  /// The first byte of a record: readers refuse forms they do not know.
  static let recordForm: UInt8 = 2

  /// The decision's record.
  @usableFromInline package var record: [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(128)
    output.append(contentsOf: ruleSet.recordStart)
    output.append(record: event)
    output.append(outcome.recordCode)
    output.append(record: Int64(score))
    output.append(UInt8((late ? 1 : 0) | (breaker == nil ? 0 : 2)))
    if let breaker {
      output.append(breaker.insteadOf.recordCode)
      output.append(record: Int64(breaker.blocks))
      output.append(record: Int64(breaker.decisions))
    }
    // Most decisions have nothing more to tell.
    output.append(isBare ? 0 : 1)
    if !isBare { recordDetails(into: &output) }
    return output
  }

  /// Nothing but an outcome and a score.
  var isBare: Bool {
    reasons.isEmpty && shadow.isEmpty && notEvaluated.isEmpty && features.isEmpty && saturated.isEmpty
      && warming.isEmpty && approximate.isEmpty && unlisted.isEmpty
  }

  private func recordDetails(into output: inout [UInt8]) {
    output.append(record: Int64(reasons.count))
    for reason in reasons {
      output.append(record: reason.rule)
      output.append(record: Int64(reason.score))
      output.append(record: reason.decide)
      output.append(record: reason.text)
    }
    output.append(record: Int64(shadow.count))
    for hit in shadow {
      output.append(record: hit.rule)
      output.append(record: Int64(hit.score))
      output.append(record: hit.decide)
    }
    output.append(record: Int64(notEvaluated.count))
    for rule in notEvaluated {
      output.append(record: rule.rule)
      output.append(record: rule.cause.rawValue)
      output.append(record: rule.field)
      output.append(record: rule.detail)
      output.append(record: rule.floor)
    }
    output.append(record: Int64(features.count))
    for feature in features {
      output.append(record: feature.name)
      output.append(record: feature.value)
    }
    output.append(record: saturated)
    output.append(record: warming)
    output.append(record: unlisted)
    output.append(record: approximate)
  }

  /// Reads a record; nil when the bytes are none.
  package init?(record bytes: [UInt8]) {
    var reader = RecordReader(bytes)
    guard reader.byte() == Self.recordForm, let name = reader.text(), let version = reader.text(),
      let event = reader.text(), let outcome = reader.byte().flatMap(Outcome.init(recordCode:)),
      let score = reader.integer(), let marks = reader.byte()
    else { return nil }
    self.init(
      event: event, outcome: outcome, score: Int(score), ruleSet: Identity(name: name, version: version))
    guard marks & ~3 == 0 else { return nil }
    late = marks & 1 != 0
    if marks & 2 != 0 {
      guard let outcome = reader.byte().flatMap(Outcome.init(recordCode:)), let blocks = reader.integer(),
        let decisions = reader.integer()
      else { return nil }
      breaker = BreakerChange(insteadOf: outcome, blocks: Int(blocks), decisions: Int(decisions))
    }
    switch reader.byte() {
    case 0: if !reader.isAtEnd { return nil }
    case 1: if !readDetails(&reader) { return nil }
    default: return nil
    }
  }

  private mutating func readDetails(_ reader: inout RecordReader) -> Bool {
    guard let reasons = reader.list(Self.reason), let shadow = reader.list(Self.shadowHit),
      let notEvaluated = reader.list(Self.notEvaluated), let features = reader.list(Self.feature),
      let saturated = reader.list({ $0.text() }), let warming = reader.list({ $0.text() }),
      let unlisted = reader.list({ $0.text() }), let approximate = reader.list({ $0.text() }),
      reader.isAtEnd
    else { return false }
    self.saturated = saturated
    self.warming = warming
    self.unlisted = unlisted
    self.approximate = approximate
    self.reasons = reasons
    self.shadow = shadow
    self.notEvaluated = notEvaluated
    self.features = features
    return true
  }

  private static func reason(_ reader: inout RecordReader) -> Reason? {
    guard let rule = reader.text(), let score = reader.integer(), let decide = reader.outcome(),
      let text = reader.text()
    else { return nil }
    return Reason(rule: rule, score: Int(score), decide: decide.value, text: text)
  }

  private static func shadowHit(_ reader: inout RecordReader) -> ShadowHit? {
    guard let rule = reader.text(), let score = reader.integer(), let decide = reader.outcome() else {
      return nil
    }
    return ShadowHit(rule: rule, score: Int(score), decide: decide.value)
  }

  private static func notEvaluated(_ reader: inout RecordReader) -> NotEvaluated? {
    guard let rule = reader.text(), let cause = reader.text().flatMap(NotEvaluated.Cause.init(rawValue:)),
      let field = reader.optionalText(), let detail = reader.optionalText(), let floor = reader.outcome()
    else { return nil }
    return NotEvaluated(
      rule: rule, cause: cause, field: field.value, detail: detail.value, floor: floor.value)
  }

  private static func feature(_ reader: inout RecordReader) -> FeatureValue? {
    guard let name = reader.text(), let value = reader.featureValue() else { return nil }
    return FeatureValue(name: name, value: value)
  }
}

/// A value that may be absent, as against one that could not be read.
private struct Optionally<Value> {
  let value: Value?
}

/// Reads what the writers below wrote; every step answers nil instead of reading past the end.
private struct RecordReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func integer() -> Int64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard let byte = byte() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
    }
    return nil
  }

  mutating func text() -> String? {
    guard let length = integer(), length >= 0, length <= Int64(bytes.count - position) else { return nil }
    defer { position += Int(length) }
    return String(decoding: bytes[position..<position + Int(length)], as: UTF8.self)
  }

  mutating func optionalText() -> Optionally<String>? {
    switch byte() {
    case 0: Optionally(value: nil)
    case 1: text().map { Optionally(value: $0) }
    default: nil
    }
  }

  mutating func outcome() -> Optionally<Outcome>? {
    guard let code = byte() else { return nil }
    return code == UInt8.max
      ? Optionally(value: nil) : Outcome(recordCode: code).map { Optionally(value: $0) }
  }

  mutating func list<Element>(_ read: (inout RecordReader) -> Element?) -> [Element]? {
    guard let count = integer(), count >= 0, count <= Int64(bytes.count - position) else { return nil }
    var elements: [Element] = []
    for _ in 0..<count {
      guard let element = read(&self) else { return nil }
      elements.append(element)
    }
    return elements
  }

  mutating func featureValue() -> Decision.FeatureValue.Value? {
    switch byte() {
    case 0: .missing
    case 1: byte().map { .bool($0 != 0) }
    case 2: integer().map { .int($0) }
    case 3: integer().map { .double(Double(bitPattern: UInt64(bitPattern: $0))) }
    case 4: text().map { .text($0) }
    case 5: integer().map { .timestamp($0) }
    case 6: integer().map { .duration($0) }
    case 7: .masked
    default: nil
    }
  }
}

extension [UInt8] {
  /// Seven bits a byte, the lowest first, the sign in the lowest bit: small numbers take one byte.
  fileprivate mutating func append(record value: Int64) {
    var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func append(record text: String) {
    append(record: Int64(text.utf8.count))
    append(contentsOf: text.utf8)
  }

  fileprivate mutating func append(record text: String?) {
    append(text == nil ? 0 : 1)
    if let text { append(record: text) }
  }

  fileprivate mutating func append(record names: [String]) {
    append(record: Int64(names.count))
    for name in names { append(record: name) }
  }

  fileprivate mutating func append(record outcome: Outcome?) { append(outcome?.recordCode ?? UInt8.max) }

  fileprivate mutating func append(record value: Decision.FeatureValue.Value) {
    switch value {
    case .missing: append(0)
    case .bool(let value): append(contentsOf: [1, value ? 1 : 0])
    case .int(let value): append(tag: 2, value)
    case .double(let value): append(tag: 3, Int64(bitPattern: value.bitPattern))
    case .text(let value):
      append(4)
      append(record: value)
    case .timestamp(let value): append(tag: 5, value)
    case .duration(let value): append(tag: 6, value)
    case .masked: append(7)
    }
  }

  private mutating func append(tag: UInt8, _ value: Int64) {
    append(tag)
    append(record: value)
  }
}

extension Outcome {
  fileprivate var recordCode: UInt8 {
    switch self {
    case .allow: 0
    case .review: 1
    case .block: 2
    }
  }

  fileprivate init?(recordCode: UInt8) {
    switch recordCode {
    case 0: self = .allow
    case 1: self = .review
    case 2: self = .block
    default: return nil
    }
  }
}
