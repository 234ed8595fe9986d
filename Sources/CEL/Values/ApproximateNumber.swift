extension Value {
  /// A number of any type as the nearest double; nil for any other value.
  package var number: Double? {
    switch self {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }
}
