extension FunctionCost {
  /// A function of an extension, by name: what it charges, and how large its result can be. A method's target is the first
  /// operand.
  static func `extension`(_ name: String, _ operands: [ValueSize]) -> FunctionCost {
    let first = operands.first ?? .nothing
    let second = operands.count > 1 ? operands[1] : .nothing
    if let cost = editing(name, first) ?? searching(name, operands) ?? optional(name, first) { return cost }
    switch name {
    case "math.greatest", "math.least":
      return scalar(max(StepCount(operands.count), first.count))
    case _ where name.hasPrefix("math."): return scalar()
    case "base64.encode":
      return FunctionCost(steps: reading(first), result: .text(first.bytes + first.bytes + 4))
    case "base64.decode": return FunctionCost(steps: reading(first), result: .text(first.bytes))
    case "format": return format(first, second)
    // Of a list of ranges each is looked at.
    case AddressFunctions.containsIP: return scalar(64 + first.count)
    case _ where addressFunctions.contains(name): return scalar(64)
    default: return .unknown
    }
  }

  /// Those of addresses and ranges: a text of either is short or refused at once.
  private static let addressFunctions: Set<String> = [
    "ip", "cidr", "isIP", "isCIDR", "ip.isCanonical", "family", "isUnspecified", "isLoopback",
    "isGlobalUnicast",
    "isLinkLocalMulticast", "isLinkLocalUnicast", "containsCIDR", "masked", "prefixLength",
  ]

  /// Copying a text to look at its bytes.
  private static func reading(_ text: ValueSize) -> StepCount {
    StepCount(Budget.allocationSteps) + text.bytes >> 2
  }

  /// A text of one text.
  private static func editing(_ name: String, _ text: ValueSize) -> FunctionCost? {
    switch name {
    case "charAt", "substring", "lowerAscii", "upperAscii", "trim":
      FunctionCost(steps: reading(text), result: .text(text.bytes))
    case "reverse":
      FunctionCost(steps: StepCount(Budget.allocationSteps) + text.bytes >> 1, result: .text(text.bytes))
    case "strings.quote":
      FunctionCost(steps: reading(text) + text.bytes >> 2, result: .text(text.bytes + text.bytes + 2))
    default: nil
    }
  }

  /// A part in a text, which may stand before each of its letters and at its end.
  private static func searching(_ name: String, _ operands: [ValueSize]) -> FunctionCost? {
    guard operands.count > 1 || name == "join", let text = operands.first else { return nil }
    let part = operands.count > 1 ? operands[1] : .nothing
    let search = reading(text) + StepCount(Budget.allocationSteps) + part.bytes >> 1
    let found = text.bytes + 1
    switch name {
    case "indexOf", "lastIndexOf": return scalar(search)
    case "replace":
      let size = text.bytes + found * (operands.count > 2 ? operands[2].bytes : 0)
      return FunctionCost(steps: search + found + size >> 2, result: .text(size))
    case "split":
      let parts = found + 1
      return FunctionCost(
        steps: search + found + parts * StepCount(Budget.allocationSteps) + text.bytes >> 4,
        result: .list(parts, of: .text(text.bytes)))
    case "join":
      let each = text.element.bytes + part.bytes
      return FunctionCost(
        steps: StepCount(Budget.allocationSteps) + text.count * (1 + each >> 3),
        result: .text(text.count * each))
    default: return nil
    }
  }

  private static func optional(_ name: String, _ operand: ValueSize) -> FunctionCost? {
    let allocation = StepCount(Budget.allocationSteps)
    switch name {
    case "optional.of", "optional.ofNonZeroValue":
      return FunctionCost(steps: allocation, result: .optional(operand))
    case "optional.none": return FunctionCost(steps: 0, result: .optional(.nothing))
    case "optional.unwrap", "unwrapOpt":
      let present = ValueSize.list(operand.count, of: operand.element.element)
      return FunctionCost(steps: allocation + operand.count, result: present)
    case "hasValue": return scalar()
    case "value": return FunctionCost(steps: 0, result: operand.element)
    default: return nil
    }
  }

  /// Each clause takes a value; digits of a double far from 1 are the dearest that a number can be.
  private static func format(_ template: ValueSize, _ values: ValueSize) -> FunctionCost {
    let value = values.element
    let perClause = StepCount(Budget.allocationSteps) + max(700, value.formatSteps + value.bytes >> 2)
    let bytesPerClause = max(2_000, value.formatBytes + value.bytes + value.bytes)
    return FunctionCost(
      steps: reading(template) + values.count * perClause,
      result: .text(template.bytes + values.count * bytesPerClause))
  }
}

extension ValueSize {
  /// The steps of writing it as `%s` does.
  fileprivate var formatSteps: StepCount {
    let own: StepCount = 2 + StepCount(Budget.allocationSteps) * 4 + bytes >> 4
    if kinds.isDisjoint(with: [.list, .map]) { return own }
    if count == .unbounded { return .unbounded }
    let key: StepCount = kinds.contains(.map) ? 2 + StepCount(Budget.allocationSteps) * 8 + keyBytes >> 4 : 0
    return own + (count == 0 ? 0 : count * (key + element.formatSteps))
  }

  /// The bytes that `%s` writes of it.
  fileprivate var formatBytes: StepCount {
    let own: StepCount = 400 + bytes
    if kinds.isDisjoint(with: [.list, .map]) { return own }
    if count == .unbounded { return .unbounded }
    let key: StepCount = kinds.contains(.map) ? 404 + keyBytes : 2
    return own + (count == 0 ? 0 : count * (key + element.formatBytes))
  }
}
