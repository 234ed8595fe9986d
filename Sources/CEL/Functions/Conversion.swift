/// The functions that are named like types.
enum Conversion {
  static func int(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .int: return value
    case .uint(let number):
      guard let result = Int64(exactly: number) else { throw .outOfRange("int") }
      return .int(result)
    case .double(let number):
      // Both ends are left out: doubles there stand for numbers on either side of the bound.
      guard number > -0x1p63, number < 0x1p63 else { throw .outOfRange("int") }
      return .int(Int64(number))
    case .string(let text):
      guard let number = Int64(text) else { throw unreadable("int") }
      return .int(number)
    case .timestamp(let timestamp): return .int(timestamp.seconds)
    default: throw .noSuchOverload("int", value)
    }
  }

  static func uint(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .uint: return value
    case .int(let number):
      guard let result = UInt64(exactly: number) else { throw .outOfRange("uint") }
      return .uint(result)
    case .double(let number):
      guard number >= 0, number < 0x1p64 else { throw .outOfRange("uint") }
      return .uint(UInt64(number))
    case .string(let text):
      guard let number = UInt64(text), text.utf8.first != UInt8(ascii: "-") else { throw unreadable("uint") }
      return .uint(number)
    default: throw .noSuchOverload("uint", value)
    }
  }

  static func double(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .double: return value
    case .int(let number): return .double(Double(number))
    case .uint(let number): return .double(Double(number))
    case .string(let text):
      guard let number = DoubleText.number(in: text) else { throw unreadable("double") }
      return .double(number)
    default: throw .noSuchOverload("double", value)
    }
  }

  static func bool(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .bool: return value
    case .string(let text):
      switch text {
      case "1", "t", "true", "TRUE", "True": return .bool(true)
      case "0", "f", "false", "FALSE", "False": return .bool(false)
      default: throw unreadable("bool")
      }
    default: throw .noSuchOverload("bool", value)
    }
  }

  static func string(_ value: Value, _ budget: inout Budget) throws(Fault) -> Value {
    try budget.charge(Budget.allocationSteps)
    switch value {
    case .string: return value
    case .bool(let bool): return .string(bool ? "true" : "false")
    case .int(let number): return .string(String(number))
    case .uint(let number): return .string(String(number))
    case .double(let number): return .string(DoubleText.text(of: number))
    case .bytes(let bytes):
      try budget.charge(bytes: bytes.count)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Fault(.invalidConversion, "the bytes are not valid UTF-8")
      }
      return .string(text)
    case .timestamp(let timestamp): return .string(text(of: timestamp))
    case .duration(let duration): return .string(duration.celText())
    case .ip(let address): return .string(address.text)
    case .cidr(let range): return .string(range.text)
    default: throw .noSuchOverload("string", value)
    }
  }

  static func bytes(_ value: Value, _ budget: inout Budget) throws(Fault) -> Value {
    switch value {
    case .bytes: return value
    case .string(let text):
      try budget.charge(bytes: text.utf8.count)
      return .bytes(Array(text.utf8))
    default: throw .noSuchOverload("bytes", value)
    }
  }

  static func timestamp(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .timestamp: return value
    case .int(let seconds):
      guard let timestamp = Timestamp(seconds: seconds) else { throw .outOfRange("timestamp") }
      return .timestamp(timestamp)
    case .string(let text):
      guard let timestamp = Timestamp(rfc3339: text) else { throw unreadable("timestamp") }
      return .timestamp(timestamp)
    default: throw .noSuchOverload("timestamp", value)
    }
  }

  static func duration(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .duration: return value
    case .string(let text):
      guard let duration = Duration(cel: text) else { throw unreadable("duration") }
      return .duration(duration)
    default: throw .noSuchOverload("duration", value)
    }
  }

  /// RFC 3339 with the shortest fraction, where `rfc3339()` has groups of three digits.
  static func text(of timestamp: Timestamp) -> String {
    guard let whole = Timestamp(seconds: timestamp.seconds) else { return timestamp.rfc3339() }
    return whole.rfc3339().dropLast() + FractionText.trimmed(nanoseconds: Int(timestamp.nanoseconds)) + "Z"
  }

  /// The text is not shown: it may come from an event.
  private static func unreadable(_ type: String) -> Fault {
    Fault(.invalidConversion, "the text is no `\(type)`")
  }
}
