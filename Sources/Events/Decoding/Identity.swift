internal import CEL

/// The ids that an event carries.
enum IdentifierRole {
  /// Its own.
  case id
  /// That of the event that it takes back.
  case reverses
  /// That of the event whose columns it changes.
  case amends
}

/// Reads what every event has: id, type, time and what it takes back or changes.
///
/// Names are looked up for messages only: handing them around costs more than what is done here otherwise.
extension EventShape {
  /// The text slot of an event's id, or of another event's that it names.
  func identifier(
    _ raw: RawValue, _ role: IdentifierRole, into arena: inout [UInt8]
  ) throws(DecodeError) -> Slot {
    switch raw.kind {
    case .int, .uint:
      let start = arena.count
      if raw.kind == .int, Int64(bitPattern: raw.bits) < 0 { arena.append(UInt8(ascii: "-")) }
      arena.append(decimal: raw.kind == .int ? Int64(bitPattern: raw.bits).magnitude : raw.bits)
      return Slot(kind: .string, length: UInt32(arena.count - start), payload: UInt64(start))
    case .text:
      if let flaw = unsafe EventShape.flaw(ofIdentifier: raw.text.span) {
        let wanted = "text of 1 to \(EventLimits.idBytesMax) bytes without control characters"
        let place = place(role)
        throw DecodeError(
          code: .badIdentity, field: place, message: "`\(place)` must be \(wanted), found \(flaw)")
      }
      return unsafe arena.store(raw.text)
    default: throw identifierError(raw, place: place(role))
    }
  }

  /// Like `identifier`, `.missing` where there is none.
  func reference(
    _ raw: RawValue, _ role: IdentifierRole, into arena: inout [UInt8]
  ) throws(DecodeError) -> Slot {
    raw.isMissing ? .missing : try identifier(raw, role, into: &arena)
  }

  private func place(_ role: IdentifierRole) -> String {
    switch role {
    case .id: schema.identity.id
    case .reverses: schema.identity.reverses ?? "reverses"
    case .amends: schema.identity.amends ?? "amends"
    }
  }

  private func identifierError(_ raw: RawValue, place: String) -> DecodeError {
    switch raw.kind {
    case .absent, .null: return .missing(place, place: place, raw: raw)
    case .double:
      return Mismatch.notInteger.error(
        field: place, place: "`\(place)`", raw: raw, scalar: .integer, asText: false)
    case .beyond:
      return Mismatch.outOfRange.error(
        field: place, place: "`\(place)`", raw: raw, scalar: .integer, asText: false)
    default:
      return DecodeError(
        code: .wrongType, field: place, message: "`\(place)` must be text or an integer, found \(raw.noun)")
    }
  }

  /// What keeps `text` from being an id, or nil.
  private static func flaw(ofIdentifier text: Span<UInt8>) -> String? {
    guard text.count > 0 else { return "empty text" }
    guard text.count <= EventLimits.idBytesMax else { return "\(text.count) bytes" }
    var previous: UInt8 = 0
    for index in text.indices {
      let byte = text[index]
      // U+0000 to U+001F, U+007F, and U+0080 to U+009F, which are C2 80 to C2 9F.
      let second = previous == 0xC2 && byte < 0xA0
      guard byte >= 0x20, byte != 0x7F, !second else { return "a control character" }
      previous = byte
    }
    return nil
  }

  /// The index of the event's type.
  func type(_ raw: RawValue) throws(DecodeError) -> Int {
    if let fixedType { return fixedType }
    if raw.kind == .text, let type = unsafe types.index(of: raw.text) { return type }
    guard case .field(let place) = schema.identity.type else { return try onlyType() }
    guard !raw.isMissing else { throw .missing(place, place: place, raw: raw) }
    guard raw.kind == .text else {
      throw Mismatch.wrongKind.error(
        field: place, place: "`\(place)`", raw: raw, scalar: .text, asText: false)
    }
    throw unsafe unknownType(String(decoding: raw.text.prefix(256), as: UTF8.self), place: place)
  }

  func unknownType(_ name: String, place: String) -> DecodeError {
    let sensitive = schema.fields.contains { $0.path == place && $0.sensitive }
    let shown = name.utf8.count <= 64 && !sensitive && !name.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    let found = shown ? "`\(name)`" : "other text"
    let nearest = shown ? DidYouMean.nearest(to: name, among: schema.types) : nil
    let hint = nearest.map { ", did you mean `\($0)`?" } ?? ""
    return DecodeError(
      code: .unknownType, field: place,
      message: "`\(place)` must be a declared event type, found \(found)\(hint)")
  }

  /// The event's time in milliseconds.
  func time(_ raw: RawValue) throws(DecodeError) -> Int64 {
    do {
      return try Coercion.time(raw, format: timeFormat)
    } catch {
      let place = schema.identity.time
      guard !raw.isMissing else { throw .missing(place, place: place, raw: raw) }
      let scalar: FieldPlan.Scalar = timeFormat == .iso8601 ? .iso8601 : .unixMilliseconds
      throw error.error(field: place, place: "`\(place)`", raw: raw, scalar: scalar, asText: false)
    }
  }

  func dryRun(_ raw: RawValue) throws(DecodeError) -> Bool {
    if raw.isMissing { return false }
    guard raw.kind == .bool else {
      throw Mismatch.wrongKind.error(
        field: "dry_run", place: "`dry_run`", raw: raw, scalar: .bool, asText: false)
    }
    return raw.bits != 0
  }

  /// The digest of what the event itself states as its content; nil where it states nothing.
  func statedDigest(_ raw: RawValue, type: Int) throws(DecodeError) -> EventDigest? {
    if raw.isMissing { return nil }
    let place = EventShape.contentDigestMember
    guard raw.kind == .text else {
      throw Mismatch.wrongKind.error(
        field: place, place: "`\(place)`", raw: raw, scalar: .text, asText: false)
    }
    if let flaw = unsafe EventShape.flaw(ofIdentifier: raw.text.span) {
      let wanted = "text of 1 to \(EventLimits.idBytesMax) bytes without control characters"
      throw DecodeError(
        code: .badIdentity, field: place, message: "`\(place)` must be \(wanted), found \(flaw)")
    }
    return unsafe digest(type: type, stated: raw.text.span)
  }
}
