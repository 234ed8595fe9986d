/// A function that an extension adds: how it is called, what it takes, and what it does.
final class ExtensionFunction: Sendable {
  typealias Body = @Sendable (Arguments, inout Budget) throws(Fault) -> Value

  /// As an expression writes it, with its namespace: `math.abs`.
  let name: String
  let isMethod: Bool
  /// What the checker lets pass; a method's target is the first parameter.
  let overloads: [Overload]
  private let body: Body

  private init(_ name: String, isMethod: Bool, _ signatures: [Signature], _ body: @escaping Body) {
    self.name = name
    self.isMethod = isMethod
    overloads = signatures.map { Overload(isMethod: isMethod, parameters: $0.takes, result: $0.gives) }
    self.body = body
  }

  /// The types that a function takes and the one that it gives.
  struct Signature {
    let takes: [CELType]
    let gives: CELType

    init(_ takes: CELType..., gives: CELType) {
      self.takes = takes
      self.gives = gives
    }
  }

  static func function(_ name: String, _ signatures: Signature..., body: @escaping Body) -> ExtensionFunction
  {
    ExtensionFunction(name, isMethod: false, signatures, body)
  }

  static func function(_ name: String, _ signatures: [Signature], body: @escaping Body) -> ExtensionFunction {
    ExtensionFunction(name, isMethod: false, signatures, body)
  }

  static func method(_ name: String, _ signatures: Signature..., body: @escaping Body) -> ExtensionFunction {
    ExtensionFunction(name, isMethod: true, signatures, body)
  }

  /// The same signature for each of `types`.
  static func function(
    _ name: String, each types: [CELType], _ signature: (CELType) -> Signature, body: @escaping Body
  ) -> ExtensionFunction {
    ExtensionFunction(name, isMethod: false, types.map(signature), body)
  }

  func takes(count: Int) -> Bool { overloads.contains { $0.parameters.count == count } }

  func callAsFunction(_ values: [Value], _ budget: inout Budget) throws(Fault) -> Value {
    let arguments = Arguments(function: name, values: values)
    guard takes(count: values.count) else { throw arguments.mismatch }
    return try body(arguments, &budget)
  }
}

/// The values of a call, a method's target first.
struct Arguments {
  let function: String
  let values: [Value]

  var count: Int { values.count }

  /// The function exists, but not for values of these types.
  var mismatch: Fault { .noSuchOverload(function, of: values) }

  subscript(position: Int) -> Value { values[position] }

  func text(_ position: Int) throws(Fault) -> String {
    guard case .string(let text) = values[position] else { throw mismatch }
    return text
  }

  func int(_ position: Int) throws(Fault) -> Int64 {
    guard case .int(let number) = values[position] else { throw mismatch }
    return number
  }

  func double(_ position: Int) throws(Fault) -> Double {
    guard case .double(let number) = values[position] else { throw mismatch }
    return number
  }

  func list(_ position: Int) throws(Fault) -> [Value] {
    guard case .list(let members) = values[position] else { throw mismatch }
    return members
  }
}

extension ExtensionFunction {
  private static let libraries: [(extensions: Extensions, functions: [ExtensionFunction])] = [
    (.strings, TextEditing.functions + TextSearch.functions + TextLists.functions + [TextFormat.function]),
    (.math, MathFunctions.functions + BitFunctions.functions),
    ([.network, .mappedAddresses], AddressFunctions.lenient), (.network, AddressFunctions.strict),
    (.optionals, OptionalFunctions.functions), (.encoders, Base64.functions),
  ]

  private typealias Entry = (extensions: Extensions, function: ExtensionFunction)

  private static let byName: [String: [Entry]] = {
    var entries: [String: [Entry]] = [:]
    for library in libraries {
      for function in library.functions {
        entries[function.name, default: []].append((library.extensions, function))
      }
    }
    return entries
  }()

  /// The first parts of names such as `math.abs` and `cel.bind`.
  static let namespaces: Set<String> = ["math", "strings", "base64", "optional", "ip", "cel"]

  static func exists(_ name: String, in extensions: Extensions) -> Bool {
    byName[name]?.contains { $0.extensions.isSubset(of: extensions) } ?? false
  }

  /// The function that a call of this shape names; of two that have it the one that stands first in the tables.
  static func named(
    _ name: String, isMethod: Bool, count: Int, in extensions: Extensions
  ) -> ExtensionFunction? {
    byName[name]?.first {
      $0.extensions.isSubset(of: extensions) && $0.function.isMethod == isMethod
        && $0.function.takes(count: count)
    }?.function
  }

  /// Every function of `extensions`, in the order of the tables; how it reads addresses does not change a signature.
  static func all(in extensions: Extensions) -> [ExtensionFunction] {
    let extensions = extensions.subtracting(.mappedAddresses)
    return libraries.filter { $0.extensions.isSubset(of: extensions) }.flatMap(\.functions)
  }
}
