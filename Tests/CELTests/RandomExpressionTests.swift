import CEL
import TestSupport
import Testing

/// Generated expressions: nothing traps, nothing runs long, and what the checker lets through has no type errors.
@Suite struct RandomExpressionTests {
  static let variables: [(name: String, type: CELType)] = [
    ("b", .bool), ("i", .int), ("u", .uint), ("d", .double), ("s", .string), ("y", .bytes), ("t", .timestamp),
    ("p", .duration), ("l", .list(.int)), ("q", .list(.string)), ("m", .map(.string, .int)),
    ("user.id", .string),
  ]

  private static let literals = [
    "0", "1", "-1", "2", "9223372036854775807", "-9223372036854775808", "0u", "1u", "18446744073709551615u",
    "0.0",
    "-0.0", "1.5", "1e308", "1e19", "''", "'a'", "'12'", "'\\u00e9'", "'Europe/Berlin'", "'+02:00'", "'(a'",
    "b''",
    "b'\\xff'", "true", "false", "null", "[]", "{}", "[1, 2]", "['a', 'b']", "{'a': 1}", "{1: 'x'}", "int",
    "timestamp('9999-12-31T23:59:59.999999999Z')", "timestamp('0001-01-01T00:00:00Z')",
    "duration('315576000000s')",
    "duration('-315576000000s')", "duration('1ns')", "timestamp(0)",
    "ip('10.1.2.3')", "ip('2001:db8::1')", "cidr('10.0.0.0/8')", "'%d %s'", "'10.0.0.1'", "b'YQ=='",
  ]
  private static let binary = ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"]
  private static let functions = [
    "size", "type", "dyn", "int", "uint", "double", "string", "bytes", "bool", "timestamp", "duration",
    "strings.quote", "math.greatest", "math.abs", "math.ceil", "ip", "cidr", "isIP", "base64.encode",
    "base64.decode",
    "optional.of", "optional.ofNonZeroValue",
  ]
  private static let methods = [
    "size", "getFullYear", "getMonth", "getDayOfYear", "getDayOfMonth", "getDate", "getDayOfWeek", "getHours",
    "getMinutes", "getSeconds", "getMilliseconds", "contains", "startsWith", "endsWith", "matches",
  ]
  private static let macros = ["all", "exists", "exists_one", "map", "filter"]
  /// Functions and methods of extensions with the number of their arguments.
  private static let extensionFunctions: [(name: String, count: Int)] = [
    ("math.greatest", 1), ("math.least", 2), ("math.greatest", 3), ("math.ceil", 1), ("math.round", 1),
    ("math.abs", 1), ("math.sign", 1), ("math.sqrt", 1), ("math.isNaN", 1), ("math.bitAnd", 2),
    ("math.bitNot", 1), ("math.bitShiftLeft", 2), ("math.bitShiftRight", 2), ("strings.quote", 1), ("ip", 1),
    ("cidr", 1), ("isIP", 1), ("ip.isCanonical", 1), ("optional.of", 1), ("optional.ofNonZeroValue", 1),
    ("optional.none", 0), ("optional.unwrap", 1), ("base64.encode", 1), ("base64.decode", 1),
  ]
  private static let extensionMethods: [(name: String, count: Int)] = [
    ("charAt", 1), ("indexOf", 1), ("indexOf", 2), ("lastIndexOf", 1), ("lastIndexOf", 2), ("lowerAscii", 0),
    ("upperAscii", 0), ("trim", 0), ("reverse", 0), ("replace", 2), ("replace", 3), ("split", 1),
    ("split", 2),
    ("substring", 1), ("substring", 2), ("join", 0), ("join", 1), ("format", 1), ("family", 0), ("ip", 0),
    ("isLoopback", 0), ("isGlobalUnicast", 0), ("containsIP", 1), ("containsCIDR", 1), ("masked", 0),
    ("prefixLength", 0), ("hasValue", 0), ("value", 0), ("or", 1), ("orValue", 1), ("unwrapOpt", 0),
  ]
  private static let pairMacros = [
    "all", "exists", "exists_one", "transformList", "transformMap", "transformMapEntry",
  ]

  struct Source {
    var random: SeededGenerator

    private mutating func pick(_ texts: [String]) -> String {
      texts[Int.random(in: 0..<texts.count, using: &random)]
    }

    mutating func expression(depth: Int) -> String {
      let names = RandomExpressionTests.variables.map(\.name) + ["x", "has(user.id)"]
      guard depth > 0 else {
        return Bool.random(using: &random) ? pick(names) : pick(RandomExpressionTests.literals)
      }
      func next(_ source: inout Source) -> String { source.expression(depth: depth - 1) }
      switch Int.random(in: 0..<20, using: &random) {
      case 14...19: return extensionExpression(depth: depth - 1)
      case 0..<5: return "(\(next(&self)) \(pick(RandomExpressionTests.binary)) \(next(&self)))"
      case 5: return "\(pick(["!", "-"]))(\(next(&self)))"
      case 6: return "(\(next(&self)) ? \(next(&self)) : \(next(&self)))"
      case 7: return "\(pick(RandomExpressionTests.functions))(\(next(&self)))"
      case 8: return "(\(next(&self))).\(pick(RandomExpressionTests.methods))()"
      case 9: return "(\(next(&self))).\(pick(RandomExpressionTests.methods))(\(next(&self)))"
      case 10: return "(\(next(&self)))[\(next(&self))]"
      case 11: return "(\(next(&self))).\(pick(RandomExpressionTests.macros))(x, \(next(&self)))"
      case 12: return "[\(next(&self)), \(next(&self))]"
      default: return "{\(next(&self)): \(next(&self))}"
      }
    }

    private mutating func extensionExpression(depth: Int) -> String {
      func next(_ source: inout Source) -> String { source.expression(depth: depth) }
      func call(_ functions: [(name: String, count: Int)], _ source: inout Source) -> String {
        let function = functions[Int.random(in: 0..<functions.count, using: &source.random)]
        let arguments = (0..<function.count).map { _ in source.expression(depth: depth) }
        return "\(function.name)(\(arguments.joined(separator: ", ")))"
      }
      switch Int.random(in: 0..<10, using: &random) {
      case 0, 1: return call(RandomExpressionTests.extensionFunctions, &self)
      case 2, 3, 4: return "(\(next(&self))).\(call(RandomExpressionTests.extensionMethods, &self))"
      case 5: return "(\(next(&self))).\(pick(RandomExpressionTests.pairMacros))(x, w, \(next(&self)))"
      case 6: return "(\(next(&self))).\(pick(["optMap", "optFlatMap"]))(x, \(next(&self)))"
      case 7: return "cel.bind(x, \(next(&self)), \(next(&self)))"
      case 8: return pick(["m.?a", "user.?id", "l[?0]", "m[?'b']", "(\(next(&self))).?a"])
      default: return pick(["[?\(next(&self)), \(next(&self))]", "{?\(next(&self)): \(next(&self))}"])
      }
    }

    mutating func value(of type: CELType) -> Value? {
      guard Int.random(in: 0..<8, using: &random) > 0 else { return nil }
      switch type {
      case .bool: return .bool(Bool.random(using: &random))
      case .int: return .int([0, 1, -1, .max, .min].randomElement(using: &random) ?? 0)
      case .uint: return .uint([0, 1, .max].randomElement(using: &random) ?? 0)
      case .double: return .double([0, 1.5, -0.0, .nan, .infinity, 1e300].randomElement(using: &random) ?? 0)
      case .string:
        return .string(
          ["", "a", "12", "e\u{301}", "2024-05-01T10:00:00Z"].randomElement(using: &random) ?? "")
      case .bytes: return .bytes([[], [97], [255, 254]].randomElement(using: &random) ?? [])
      case .timestamp:
        return Timestamp(seconds: Int64.random(in: -62_135_596_800...253_402_300_799, using: &random)).map {
          .timestamp($0)
        }
      case .duration:
        return .duration(.seconds(Int64.random(in: -315_576_000_000...315_576_000_000, using: &random)))
      case .list(let element): return .list((0..<3).compactMap { _ in value(of: element) })
      default: return .map(MapValue(entries: [(key: .string("a"), value: .int(1))]))
      }
    }
  }

  @Test func nothingTraps() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("random expressions: seed \(seed)")
    var source = Source(random: SeededGenerator(seed: seed))
    var (evaluated, checked) = (0, 0)
    for _ in 0..<5_000 {
      let text = source.expression(depth: Int.random(in: 1...5, using: &source.random))
      let bindings = Bindings(
        RandomExpressionTests.variables.map {
          (name: $0.name, type: $0.type, value: source.value(of: $0.type))
        })
      guard let expression = try? Expression.parse(text) else {
        Issue.record("seed \(seed): `\(text)` is refused by the parser")
        continue
      }
      let program = Program(unchecked: expression, in: bindings.environment)
      let unchecked = Result { try program.evaluate(bindings.frame) }
      if case .success = unchecked { evaluated += 1 }
      _ = try? program.holds(bindings.frame)
      guard
        let passed = try? expression.check(in: bindings.environment),
        !passed.types.contains(where: isDynamic),
        // Null may stand for an optional value, as older implementations have it.
        !text.contains("null") || !passed.types.contains(where: isOptional),
        let sound = try? Program(passed, in: bindings.environment)
      else { continue }
      checked += 1
      let outcome = Result { try sound.evaluate(bindings.frame) }
      guard case .failure(EvaluationFailure.error(let error)) = outcome else { continue }
      let codes: [EvaluationError.Code] = [.noSuchOverload, .noSuchField, .unknownName, .unknownFunction]
      #expect(!codes.contains(error.code), "seed \(seed): `\(text)`: \(error)")
    }
    print("random expressions: \(evaluated) have a value, \(checked) pass the check")
    #expect(evaluated > 100 && checked > 50)
  }

  private func isOptional(_ type: CELType) -> Bool {
    switch type {
    case .optional: true
    case .list(let element): isOptional(element)
    case .map(let key, let value): isOptional(key) || isOptional(value)
    default: false
    }
  }

  private func isDynamic(_ type: CELType) -> Bool {
    switch type {
    case .dyn, .variable, .error: true
    case .list(let element), .optional(let element): isDynamic(element)
    case .map(let key, let value): isDynamic(key) || isDynamic(value)
    default: false
    }
  }
}
