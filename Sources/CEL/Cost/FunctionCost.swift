/// What a function charges at most beyond the visit of its node, and how large its result can be.
///
/// By name, so that a function that is not listed costs without bound instead of nothing.
struct FunctionCost {
  let steps: StepCount
  let result: ValueSize

  static let unknown = FunctionCost(steps: .unbounded, result: .anything)

  static func scalar(_ steps: StepCount = 0) -> FunctionCost {
    FunctionCost(steps: steps, result: .scalar)
  }

  /// Digits of any number, and text of any moment or span.
  private static let scalarTextBytesMax: StepCount = 64

  /// A function of one value.
  static func unary(_ name: String, _ operand: ValueSize) -> FunctionCost {
    switch name {
    case "!_", "-_", "@not_strictly_false", "type": scalar()
    case _ where TimePart(rawValue: name) != nil: scalar()
    case "dyn": FunctionCost(steps: 0, result: operand)
    case "size", "int", "uint", "double", "bool", "timestamp", "duration": scalar(operand.bytes >> 4)
    case "bytes": FunctionCost(steps: operand.bytes >> 4, result: .text(operand.bytes))
    case "string":
      FunctionCost(
        steps: StepCount(Budget.allocationSteps) + operand.bytes >> 4,
        result: .text(
          operand.kinds.contains(.scalar) ? max(operand.bytes, scalarTextBytesMax) : operand.bytes))
    default: .unknown
    }
  }

  /// A function of two values.
  static func binary(_ name: String, _ left: ValueSize, _ right: ValueSize) -> FunctionCost {
    switch name {
    case "_+_": sum(left, right)
    case "_-_", "_*_", "_/_", "_%_": scalar()
    case "_==_", "_!=_": scalar(left.comparisonSteps)
    case "_<_", "_<=_", "_>_", "_>=_": scalar(left.bytes >> 4)
    case "@in": scalar(membership(of: left, in: right))
    case "_[_]":
      FunctionCost(
        steps: right.bytes >> 4 + StepCount(left.kinds.contains(.optional) ? Budget.allocationSteps : 0),
        result: left.kinds.contains(.optional)
          ? left.selected.joined(with: .optional(left.selected)) : left.element)
    case "contains": scalar(left.bytes >> 2)
    case "startsWith", "endsWith": scalar(right.bytes >> 4)
    default: .unknown
    }
  }

  private static func sum(_ left: ValueSize, _ right: ValueSize) -> FunctionCost {
    let kinds = left.kinds.intersection(right.kinds)
    var steps: StepCount = 0
    var result = ValueSize.scalar
    if kinds.contains(.text) {
      steps = 2 + (left.bytes + right.bytes) >> 4
      result = result.joined(with: .text(left.bytes + right.bytes))
    }
    if kinds.contains(.list) {
      let count = left.count + right.count
      let element =
        left.count == 0
        ? right.element : right.count == 0 ? left.element : left.element.joined(with: right.element)
      steps = max(steps, StepCount(Budget.allocationSteps) + count)
      result = result.joined(with: .list(count, of: element))
    }
    return FunctionCost(steps: steps, result: result)
  }

  private static func membership(of value: ValueSize, in container: ValueSize) -> StepCount {
    var steps: StepCount = 0
    if container.kinds.contains(.list), container.count > 0 {
      steps = container.count * (1 + container.element.comparisonSteps)
    }
    return container.kinds.contains(.map) ? max(steps, value.bytes >> 4) : steps
  }
}
