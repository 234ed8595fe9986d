internal import CEL

/// Why a value is not what the schema declares; the message is made from it and the field where it is reported.
enum Mismatch: Error, BitwiseCopyable {
  case wrongKind
  /// A number with a fraction or an exponent where an integer is wanted.
  case notInteger
  case outOfRange
  case badTimestamp
  case badAddress
  case badNumber
  case badCurrency
  case textTooLong
}

extension EventShape {
  /// The slot of one value, whose text goes into `arena`. Nothing is converted that the schema does not ask for.
  func scalar(
    _ raw: RawValue, as plan: FieldPlan, into arena: inout [UInt8]
  ) throws(Mismatch) -> Slot {
    switch plan.scalar {
    case .text: return try text(raw, as: plan, into: &arena)
    case .enumeration:
      if plan.missing >= 0, raw.kind == .text, unsafe enumerations[plan.missing].index(of: raw.text) != nil {
        return .missing
      }
      var slot = try text(raw, as: plan, into: &arena)
      let names = enumerations[plan.enumeration]
      if unsafe names.index(of: raw.text) == nil { slot.flags.insert(.unlisted) }
      return slot
    case .integer: return .int(try Coercion.integer(raw, asText: plan.isNumberAsText))
    case .double: return .double(try Coercion.double(raw, asText: plan.isNumberAsText))
    case .bool:
      guard raw.kind == .bool else { throw .wrongKind }
      return .bool(raw.bits != 0)
    case .iso8601: return .timestamp(milliseconds: try Coercion.time(raw, format: .iso8601))
    case .unixMilliseconds:
      return .timestamp(milliseconds: try Coercion.time(raw, format: .unixMilliseconds))
    case .address:
      guard raw.kind == .text else { throw .wrongKind }
      let start = arena.count
      guard
        unsafe InternetAddress.append(
          canonical: raw.text.span, ipv6Bits: plan.ipv6Bits, to: &arena)
      else { throw .badAddress }
      return Slot(kind: .string, length: UInt32(arena.count - start), payload: UInt64(start))
    }
  }

  private func text(
    _ raw: RawValue, as plan: FieldPlan, into arena: inout [UInt8]
  ) throws(Mismatch) -> Slot {
    guard raw.kind == .text else { throw .wrongKind }
    guard raw.length <= EventLimits.textBytesMax else { throw .textTooLong }
    if plan.isCurrency {
      let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
      guard raw.length == 3, unsafe raw.text.allSatisfy({ letters.contains($0) }) else { throw .badCurrency }
    }
    return unsafe arena.store(raw.text)
  }
}

extension [UInt8] {
  /// Appends `text` and returns the slot that names it.
  mutating func store(_ text: UnsafeBufferPointer<UInt8>) -> Slot {
    let start = count
    unsafe append(contentsOf: text)
    return Slot(kind: .string, length: UInt32(truncatingIfNeeded: count - start), payload: UInt64(start))
  }
}

/// Conversions that need neither a schema nor an arena.
enum Coercion {
  static func integer(_ raw: RawValue, asText: Bool) throws(Mismatch) -> Int64 {
    if asText { return try number(raw, read: DecimalText.integer) }
    switch raw.kind {
    case .int: return Int64(bitPattern: raw.bits)
    case .uint, .beyond: throw .outOfRange
    case .double: throw .notInteger
    default: throw .wrongKind
    }
  }

  /// Integers are accepted where a double holds them exactly; there is one zero.
  static func double(_ raw: RawValue, asText: Bool) throws(Mismatch) -> Double {
    if asText { return try number(raw, read: DecimalText.double) + 0 }
    switch raw.kind {
    case .double: return Double(bitPattern: raw.bits) + 0
    case .int:
      guard let exact = Double(exactly: Int64(bitPattern: raw.bits)) else { throw .outOfRange }
      return exact
    case .uint:
      guard let exact = Double(exactly: raw.bits) else { throw .outOfRange }
      return exact
    case .beyond: throw .outOfRange
    default: throw .wrongKind
    }
  }

  /// Milliseconds since 1970 within the years 1 to 9999; what is finer is cut off.
  static func time(_ raw: RawValue, format: Schema.TimeFormat) throws(Mismatch) -> Int64 {
    if raw.kind == .timestamp {
      let milliseconds = Int64(bitPattern: raw.bits)
      guard timeRange.contains(milliseconds) else { throw .outOfRange }
      return milliseconds
    }
    if format == .iso8601 {
      guard raw.kind == .text else { throw .wrongKind }
      guard let timestamp = unsafe Timestamp(rfc3339: raw.text.span) else { throw .badTimestamp }
      return timestamp.milliseconds
    }
    let milliseconds = try integer(raw, asText: raw.kind == .text)
    guard timeRange.contains(milliseconds) else { throw .outOfRange }
    return milliseconds
  }

  /// The milliseconds of the years 1 to 9999.
  static let timeRange: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

  private static func number<Number>(
    _ raw: RawValue, read: (Span<UInt8>) throws(DecimalText.Failure) -> Number
  ) throws(Mismatch) -> Number {
    guard raw.kind == .text else { throw .wrongKind }
    do {
      return unsafe try read(raw.text.span)
    } catch {
      throw error == .outOfRange ? .outOfRange : .badNumber
    }
  }
}
