extension Value {
  /// CEL's `==`: numbers by their value whatever their types, text by code points, NaN equal to nothing, values of
  /// different kinds not equal.
  package func isEqual(to other: Value) -> Bool {
    var budget = Budget.unlimited
    return (try? isEqual(to: other, &budget)) ?? false
  }

  /// As `isEqual(to:)`; each element and each 16 bytes that are looked at are charged.
  func isEqual(to other: Value, _ budget: inout Budget) throws(Fault) -> Bool {
    switch (self, other) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.int(let left), .int(let right)): return left == right
    case (.uint(let left), .uint(let right)): return left == right
    case (.double(let left), .double(let right)): return left == right
    case (.string(let left), .string(let right)):
      try budget.charge(bytes: left.utf8.count)
      return TextOrder.equal(left, right)
    case (.bytes(let left), .bytes(let right)):
      try budget.charge(bytes: left.count)
      return left == right
    case (.timestamp(let left), .timestamp(let right)): return left == right
    case (.duration(let left), .duration(let right)): return left == right
    case (.type(let left), .type(let right)): return left.runtimeName == right.runtimeName
    case (.ip(let left), .ip(let right)): return left == right
    case (.cidr(let left), .cidr(let right)): return left == right
    case (.optional(let left), .optional(let right)):
      guard let left, let right else { return left == nil && right == nil }
      try budget.charge(1)
      return try left.isEqual(to: right, &budget)
    case (.list(let left), .list(let right)): return try Value.areEqual(left, right, &budget)
    case (.map(let left), .map(let right)): return try Value.areEqual(left, right, &budget)
    case (.int(let whole), .double(let number)), (.double(let number), .int(let whole)):
      return Int64(exactly: number) == whole
    default: return Value.numericOrder(self, other) == .equal
    }
  }

  private static func areEqual(_ left: [Value], _ right: [Value], _ budget: inout Budget) throws(Fault)
    -> Bool
  {
    guard left.count == right.count else { return false }
    try budget.charge(left.count)
    for (index, element) in left.enumerated() {
      guard try element.isEqual(to: right[index], &budget) else { return false }
    }
    return true
  }

  private static func areEqual(_ left: MapValue, _ right: MapValue, _ budget: inout Budget) throws(Fault)
    -> Bool
  {
    guard left.entries.count == right.entries.count else { return false }
    try budget.charge(left.entries.count)
    for entry in left.entries {
      guard
        let other = right[entry.key],
        try entry.value.isEqual(to: other, &budget)
      else { return false }
    }
    return true
  }

  /// The order of two numbers, or nil when one is no number.
  static func numericOrder(_ left: Value, _ right: Value) -> Order? {
    switch (left, right) {
    case (.int(let left), .int(let right)): Order(left, right)
    case (.uint(let left), .uint(let right)): Order(left, right)
    case (.double(let left), .double(let right)): NumericOrder.compare(left, right)
    case (.int(let left), .uint(let right)): NumericOrder.compare(left, right)
    case (.uint(let left), .int(let right)): NumericOrder.compare(right, left).reversed
    case (.int(let left), .double(let right)): NumericOrder.compare(left, right)
    case (.double(let left), .int(let right)): NumericOrder.compare(right, left).reversed
    case (.uint(let left), .double(let right)): NumericOrder.compare(left, right)
    case (.double(let left), .uint(let right)): NumericOrder.compare(right, left).reversed
    default: nil
    }
  }

  /// The order behind `<`, `<=`, `>` and `>=`, or nil when CEL does not order the two.
  package func order(to other: Value) -> Order? {
    switch (self, other) {
    case (.bool(let left), .bool(let right)): Order(left ? 1 : 0, right ? 1 : 0)
    case (.string(let left), .string(let right)): TextOrder.compare(left, right)
    case (.bytes(let left), .bytes(let right)): TextOrder.compare(left.span, right.span)
    case (.timestamp(let left), .timestamp(let right)): Order(left, right)
    case (.duration(let left), .duration(let right)): Order(left, right)
    default: Value.numericOrder(self, other)
    }
  }
}
