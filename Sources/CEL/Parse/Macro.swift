/// The macros: calls that are replaced while parsing, since they bind a variable or do not evaluate their argument.
package enum Macro: String, CaseIterable {
  case has
  case all
  case exists
  case existsOne = "exists_one"
  case map
  case filter
  case transformList, transformMap, transformMapEntry
  case optMap, optFlatMap
  case bind = "cel.bind"
  case block = "cel.block"
  case blockIndex = "cel.index"
  case blockVariable = "cel.iterVar"

  /// The accumulator of every fold; no author can write this name.
  package static let accumulator = "@result"

  /// How it is written.
  package var usage: String {
    switch self {
    case .has: "has(a.b)"
    case .map: "list.map(x, value)` or `list.map(x, condition, value)"
    case .all, .exists, .existsOne: "list.\(rawValue)(x, condition)"
    case .filter: "list.filter(x, condition)"
    case .transformList: "list.transformList(i, x, value)` or `list.transformList(i, x, condition, value)"
    case .transformMap: "map.transformMap(k, v, value)` or `map.transformMap(k, v, condition, value)"
    case .transformMapEntry: "map.transformMapEntry(k, v, {key: value})"
    case .optMap: "optional.optMap(x, value)"
    case .optFlatMap: "optional.optFlatMap(x, optional)"
    case .bind: "cel.bind(x, value, expression)"
    case .block: "cel.block([value, …], expression)"
    case .blockIndex: "cel.index(0)"
    case .blockVariable: "cel.iterVar(0, 0)"
    }
  }

  /// Accepts `existsOne` also, as newer implementations of the language do.
  init?(function: String, hasTarget: Bool, in extensions: Extensions) {
    guard let macro = Macro(rawValue: function == "existsOne" ? "exists_one" : function),
      macro.isMethod == hasTarget, macro.needed.isSubset(of: extensions)
    else { return nil }
    self = macro
  }

  private var isMethod: Bool {
    switch self {
    case .has, .bind, .block, .blockIndex, .blockVariable: false
    default: true
    }
  }

  /// The extension that brings it; none for those of the language definition.
  package var needed: Extensions {
    switch self {
    case .has, .all, .exists, .existsOne, .map, .filter: []
    case .transformList, .transformMap, .transformMapEntry: .twoVariables
    case .optMap, .optFlatMap: .optionals
    case .bind: .bindings
    case .block, .blockIndex, .blockVariable: .blocks
    }
  }

  /// How many of its arguments name variables when it has `count` of them; nil when it does not take so many.
  func variableCount(ofArguments count: Int, in extensions: Extensions) -> Int? {
    switch self {
    case .has: count == 1 ? 0 : nil
    case .all, .exists, .existsOne:
      count == 2 ? 1 : count == 3 && extensions.contains(.twoVariables) ? 2 : nil
    case .map: count == 2 || count == 3 ? 1 : nil
    case .filter, .optMap, .optFlatMap: count == 2 ? 1 : nil
    case .transformList, .transformMap, .transformMapEntry: count == 3 || count == 4 ? 2 : nil
    case .bind: count == 3 ? 1 : nil
    case .block, .blockVariable: count == 2 ? 0 : nil
    case .blockIndex: count == 1 ? 0 : nil
    }
  }
}
