/// One signature of a function.
package struct Overload: Sendable, Hashable {
  /// Whether it is called on its first parameter, `text.contains(part)`, and not as `size(text)`.
  package let isMethod: Bool
  /// The types it takes, a method's target first; `.variable` stands for any type, the same wherever it is repeated.
  package let parameters: [CELType]
  /// The type it gives.
  package let result: CELType
}

/// Functions and operators by name.
package struct FunctionTable: Sendable {
  private let overloads: [String: [Overload]]

  /// A table of `declarations`; a name may occur several times.
  package init(_ declarations: [(name: String, overload: Overload)]) {
    overloads = Dictionary(grouping: declarations, by: \.name).mapValues { $0.map(\.overload) }
  }

  /// The signatures of a function in the order of their declaration; empty when there is no such function.
  package subscript(name: String) -> [Overload] { overloads[name] ?? [] }

  /// Every name that an author can write as a call, in no particular order.
  package var callableNames: [String] {
    overloads.keys.filter { Operator.symbol(of: $0) == nil && !$0.hasPrefix("@") }
  }
}

extension FunctionTable {
  /// The functions of the language definition and those of `extensions`.
  package static func including(_ extensions: Extensions) -> FunctionTable {
    let extensions = extensions.subtracting(.mappedAddresses)
    return extensions == .usual ? usual : FunctionTable(base + declarations(of: extensions))
  }

  /// What almost every environment has.
  private static let usual = FunctionTable(base + declarations(of: .usual))

  private static func declarations(of extensions: Extensions) -> [Declaration] {
    var declarations = ExtensionFunction.all(in: extensions).flatMap { function in
      function.overloads.map { (function.name, $0) }
    }
    if extensions.contains(.optionals) { declarations += optionals }
    if extensions.contains(.network) { declarations += addresses }
    if extensions.contains(.twoVariables) { declarations += insertions }
    return declarations
  }

  /// The functions and operators of the language definition (github.com/google/cel-spec, `doc/langdef.md`, list of
  /// standard definitions).
  package static let standard = FunctionTable(base)

  private static let base = logic + arithmetic + comparisons + containers + conversions + texts + times

  private typealias Declaration = (name: String, overload: Overload)

  private static func function(_ name: String, _ parameters: CELType..., gives result: CELType) -> Declaration
  {
    (name, Overload(isMethod: false, parameters: parameters, result: result))
  }

  private static func method(_ name: String, _ parameters: CELType..., gives result: CELType) -> Declaration {
    (name, Overload(isMethod: true, parameters: parameters, result: result))
  }

  private static let any = CELType.variable(0)
  private static let other = CELType.variable(1)

  private static let logic: [Declaration] = [
    function(Operator.and, .bool, .bool, gives: .bool),
    function(Operator.or, .bool, .bool, gives: .bool),
    function(Operator.not, .bool, gives: .bool),
    function(Operator.notStrictlyFalse, .bool, gives: .bool),
    function(Operator.conditional, .bool, any, any, gives: any),
  ]

  private static let arithmetic: [Declaration] =
    [CELType.int, .uint, .double].flatMap { type in
      [Operator.add, Operator.subtract, Operator.multiply, Operator.divide].map {
        function($0, type, type, gives: type)
      }
    } + [
      function(Operator.modulo, .int, .int, gives: .int),
      function(Operator.modulo, .uint, .uint, gives: .uint),
      function(Operator.negate, .int, gives: .int),
      function(Operator.negate, .double, gives: .double),
      function(Operator.add, .string, .string, gives: .string),
      function(Operator.add, .bytes, .bytes, gives: .bytes),
      function(Operator.add, .list(any), .list(any), gives: .list(any)),
      function(Operator.add, .timestamp, .duration, gives: .timestamp),
      function(Operator.add, .duration, .timestamp, gives: .timestamp),
      function(Operator.add, .duration, .duration, gives: .duration),
      function(Operator.subtract, .timestamp, .timestamp, gives: .duration),
      function(Operator.subtract, .timestamp, .duration, gives: .timestamp),
      function(Operator.subtract, .duration, .duration, gives: .duration),
    ]

  /// Equality takes any two values; the checker refuses those that can never be equal.
  private static let comparisons: [Declaration] = {
    let numbers: [CELType] = [.int, .uint, .double]
    let ordered: [CELType] = [.bool, .string, .bytes, .timestamp, .duration]
    var declarations = [
      function(Operator.equal, any, other, gives: .bool),
      function(Operator.notEqual, any, other, gives: .bool),
      function(Operator.within, any, .list(other), gives: .bool),
      function(Operator.within, any, .map(other, .dyn), gives: .bool),
    ]
    for name in [Operator.less, Operator.lessOrEqual, Operator.greater, Operator.greaterOrEqual] {
      declarations += ordered.map { function(name, $0, $0, gives: .bool) }
      declarations += numbers.flatMap { left in numbers.map { function(name, left, $0, gives: .bool) } }
    }
    return declarations
  }()

  private static let containers: [Declaration] =
    [
      function(Operator.index, .list(any), .int, gives: any),
      function(Operator.index, .map(any, other), any, gives: other),
    ]
    + [CELType.string, .bytes, .list(any), .map(any, other)].flatMap {
      [function("size", $0, gives: .int), method("size", $0, gives: .int)]
    }

  private static let conversions: [Declaration] = {
    let sources: [(name: String, result: CELType, from: [CELType])] = [
      ("int", .int, [.int, .uint, .double, .string, .timestamp]),
      ("uint", .uint, [.uint, .int, .double, .string]),
      ("double", .double, [.double, .int, .uint, .string]),
      ("string", .string, [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration]),
      ("bytes", .bytes, [.bytes, .string]),
      ("bool", .bool, [.bool, .string]),
      ("timestamp", .timestamp, [.timestamp, .string, .int]),
      ("duration", .duration, [.duration, .string]),
      ("dyn", .dyn, [any]),
      ("type", .type, [any]),
    ]
    return sources.flatMap { entry in entry.from.map { function(entry.name, $0, gives: entry.result) } }
  }()

  private static let texts: [Declaration] =
    ["contains", "startsWith", "endsWith", "matches"].map { method($0, .string, .string, gives: .bool) }
    + [function("matches", .string, .string, gives: .bool)]

  private static let times: [Declaration] =
    [
      "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfYear", "getDayOfWeek", "getHours",
      "getMinutes",
      "getSeconds", "getMilliseconds",
    ].flatMap {
      [method($0, .timestamp, gives: .int), method($0, .timestamp, .string, gives: .int)]
    }
    + ["getHours", "getMinutes", "getSeconds", "getMilliseconds"].map { method($0, .duration, gives: .int) }

  /// Reading out of optional values gives optional values.
  private static let optionals: [Declaration] = [
    function(Operator.index, .optional(.list(any)), .int, gives: .optional(any)),
    function(Operator.index, .optional(.map(any, other)), any, gives: .optional(other)),
    function(Operator.optionalIndex, .list(any), .int, gives: .optional(any)),
    function(Operator.optionalIndex, .map(any, other), any, gives: .optional(other)),
    function(Operator.optionalIndex, .optional(.list(any)), .int, gives: .optional(any)),
    function(Operator.optionalIndex, .optional(.map(any, other)), any, gives: .optional(other)),
    function(Operator.optionalElement, .optional(any), gives: any),
  ]

  private static let addresses: [Declaration] = [
    function("string", .ip, gives: .string), function("string", .cidr, gives: .string),
  ]

  private static let insertions: [Declaration] = [
    function(Operator.insert, .map(any, other), any, other, gives: .map(any, other)),
    function(Operator.insert, .map(any, other), .map(any, other), gives: .map(any, other)),
  ]
}
