/// The sentences for values that are not what the schema declares. They tell kinds and sizes, never a value, so that
/// no sensitive value can be in one.
extension EventShape {
  /// The error for the value of a field, or for its element `element`, counted from 0.
  func error(
    _ mismatch: Mismatch, field slot: Int, raw: RawValue, element: Int? = nil
  ) -> DecodeError {
    let field = schema.fields[slot]
    let plan = plans[slot]
    let place = element.map { "element \($0 + 1) of `\(field.jsonPath)`" } ?? "`\(field.jsonPath)`"
    return mismatch.error(
      field: field.path, place: place, raw: raw, scalar: plan.scalar, asText: plan.isNumberAsText)
  }

  /// The error for a list that is none, or is too long.
  func listError(field slot: Int, raw: RawValue) -> DecodeError {
    let field = schema.fields[slot]
    let place = "`\(field.jsonPath)`"
    guard raw.kind == .array else {
      return DecodeError(
        code: .wrongType, field: field.path, message: "\(place) must be a list, found \(raw.noun)")
    }
    return DecodeError(
      code: .listTooLong, field: field.path,
      message: "\(place) must have at most \(EventLimits.listElementsMax) elements, found \(raw.length)")
  }

  /// The error for a required field that the event lacks.
  func missingError(field slot: Int, raw: RawValue) -> DecodeError {
    let field = schema.fields[slot]
    return DecodeError.missing(field.path, place: field.jsonPath, raw: raw)
  }

  /// The error for an amount without its currency or the other way round.
  func lonelyError(missing: Int, present: Int) -> DecodeError {
    let field = schema.fields[missing]
    let other = schema.fields[present].jsonPath
    return DecodeError(
      code: .missingField, field: field.path,
      message: "`\(field.jsonPath)` is missing, but `\(other)` is there")
  }
}

extension DecodeError {
  static func missing(_ field: String, place: String, raw: RawValue) -> DecodeError {
    let found = raw.kind == .null ? "null" : "nothing"
    return DecodeError(code: .missingField, field: field, message: "`\(place)` is required, found \(found)")
  }
}

extension Mismatch {
  func error(
    field: String, place: String, raw: RawValue, scalar: FieldPlan.Scalar, asText: Bool
  ) -> DecodeError {
    let wanted = scalar.noun(asText: asText)
    switch self {
    case .wrongKind:
      return DecodeError(
        code: .wrongType, field: field, message: "\(place) must be \(wanted), found \(raw.noun)")
    case .notInteger:
      let found = "a number with a fraction or an exponent"
      return DecodeError(
        code: .wrongType, field: field, message: "\(place) must be \(wanted), found \(found)")
    case .outOfRange:
      return DecodeError(
        code: .outOfRange, field: field, message: "\(place) must be \(scalar.range), found one that is not")
    case .badTimestamp:
      return DecodeError(
        code: .badTimestamp, field: field,
        message: "\(place) must be \(wanted) such as `2024-05-01T10:00:00Z`, found other text")
    case .badAddress:
      return DecodeError(
        code: .badAddress, field: field, message: "\(place) must be \(wanted), found other text")
    case .badNumber:
      return DecodeError(
        code: .badNumber, field: field, message: "\(place) must be \(wanted), found other text")
    case .badCurrency:
      return DecodeError(
        code: .wrongType, field: field,
        message: "\(place) must be a currency of three capital letters, found other text")
    case .textTooLong:
      let most = EventLimits.textBytesMax
      return DecodeError(
        code: .textTooLong, field: field,
        message: "\(place) must be text of at most \(most) bytes, found \(raw.length)")
    }
  }
}

extension FieldPlan.Scalar {
  fileprivate func noun(asText: Bool) -> String {
    switch self {
    case .text, .enumeration: "text"
    case .integer: asText ? "an integer written as text" : "an integer"
    case .double: asText ? "a number written as text" : "a number"
    case .bool: "true or false"
    case .iso8601: "an RFC 3339 timestamp"
    case .unixMilliseconds: "a time in milliseconds since 1970"
    case .address: "an IPv4 or IPv6 address"
    }
  }

  fileprivate var range: String {
    switch self {
    case .integer: "an integer of 64 bits"
    case .double: "a number that a double holds"
    default: "a time within the years 1 to 9999"
    }
  }
}
