import CEL
import CELRegex
import RuleSets
import TestSupport
import Testing

/// The static bound on an expression's steps, against what the evaluator really charges.
@Suite("Cost: the static bound") struct CostTests {
  private static let sizes = InputSizes(usual: InputSizes.Extent(textBytesMax: 200, elementsMax: 12))

  private let bindings = Bindings([
    ("i", .int, nil), ("s", .string, nil), ("l", .list(.int), nil), ("q", .list(.string), nil),
    ("m", .map(.string, .int), nil), ("any", .dyn, nil), ("user.id", .string, nil),
  ])

  private func bound(_ source: String, _ sizes: InputSizes = sizes) throws -> Int? {
    var environment = bindings.environment
    environment.sizes = sizes
    return Program(unchecked: try Expression.parse(source), in: environment).stepsBound(in: environment)
  }

  /// A visit is a step, a variable that is missing four more; 16 bytes that are read or compared are one.
  @Test(
    arguments: [
      ("1", 1), ("i > 3", 7), ("i + 1 > 3 && true", 11), ("s == 'a'", 27), ("'a' == s", 15),
      ("s.contains('b')", 65), ("s.matches('b')", 114), ("s.matches(s)", 10_000 + 1 + 13 * 2 + 120_000),
      ("size(s) > 2", 28), ("s in ['a', 'b']", 1 + 13 + 1 + 2 * 1), ("i in l", 1 + 5 + 13 + 12),
      ("s in q", 1 + 13 + 13 + 12 * 13),
      ("l.all(x, x > 0)", 1 + 13 + 1 + 12 * (1 + 2 + 2 + 3) + 1), ("has(user.id)", 1),
      ("m['a'] > 1", 9), ("l.map(x, [x])", 1 + 13 + 12 * (1 + 5 + 1)),
    ] as [(String, Int)])
  func addsUp(_ source: String, _ steps: Int) throws {
    #expect(try bound(source) == steps, "\(source)")
  }

  @Test(arguments: ["any == 1 && any == any", "any.all(x, x > 1)", "s + any", "any.matches('a')"])
  func withoutSizesThereIsNoBound(_ source: String) throws {
    #expect(try bound(source) == nil, "\(source)")
    #expect(try bound("s == 'a'", InputSizes()) == nil)
    #expect(try bound("'a' == s && i > 3", InputSizes()) == nil, "reading text takes as long as the text is")
    #expect(try bound("i > 3", InputSizes()) == 7)
  }

  @Test func aSlotMayHaveSizesOfItsOwn() throws {
    var sizes = CostTests.sizes
    sizes.bySlot[1] = InputSizes.Extent(textBytesMax: 16)
    #expect(try bound("s == 'a'", sizes) == 8)
    #expect(try bound("'x' in q", sizes) == bound("'x' in q"))
  }

  @Test(arguments: [
    (
      "i > 3 && q.all(x, q.all(y, q.all(z, x + y == z)))",
      "[q.all(y, q.all(z, x + y == z))] `q.all(y, q.all(z, x + y == z))` may take 9196 steps, and at most 5000 are allowed | go through fewer lists within lists, or through shorter ones"
    ),
    (
      "s == 'a' || any == s",
      "[any] nothing bounds the steps of `any`, and at most 5000 are allowed | declare how large its values are at most"
    ),
  ])
  func anExpressionOverTheLimitIsRefused(_ source: String, _ finding: String) throws {
    var environment = bindings.environment
    environment.sizes = CostTests.sizes
    environment.limits.stepsBoundMax = 5_000
    let checked = try Expression.parse(source).check(in: environment)
    let failure = #expect(throws: ExpressionDiagnostics.self) { try Program(checked, in: environment) }
    let found = try #require(failure?.all.first)
    #expect(found.code == "cel-too-costly")
    let under = String(decoding: Array(source.utf8)[found.span], as: UTF8.self)
    #expect("[\(under)] \(found.message) | \(found.hint ?? "")" == finding)
    environment.limits.stepsBoundMax = nil
    _ = try Program(checked, in: environment)
  }

  /// A function that the estimate does not know has no bound, and a rule set would refuse it.
  @Test func everyFunctionHasABound() throws {
    var environment = Environment(
      variables: [], regularExpressions: RE2Engine(), timeZones: TimeZoneDatabase(), sizes: CostTests.sizes)
    for name in FunctionTable.including(.usual).callableNames.sorted() {
      for overload in FunctionTable.including(.usual)[name] {
        environment.variables = overload.parameters.enumerated().map { index, type in
          Environment.Variable(name: "p\(index)", type: CostTests.concrete(type), slot: index)
        }
        let names = environment.variables.map(\.name)
        let source =
          overload.isMethod
          ? "\(names[0]).\(name)(\(names.dropFirst().joined(separator: ", ")))"
          : "\(name)(\(names.joined(separator: ", ")))"
        let program = Program(unchecked: try Expression.parse(source), in: environment)
        #expect(program.stepsBound(in: environment) != nil, "\(source) with \(overload.parameters)")
      }
    }
  }

  private static func concrete(_ type: CELType) -> CELType {
    switch type {
    case .variable, .dyn: .string
    case .list(let element): .list(concrete(element))
    case .map(let key, let value): .map(concrete(key), concrete(value))
    case .optional(let inner): .optional(concrete(inner))
    default: type
    }
  }

  @Test(arguments: BudgetTests.bombs)
  func bombsAreBeyondEveryBudget(_ source: String) throws {
    var environment = Bindings([("gone", .int, nil), ("text", .string, nil)]).environment
    environment.sizes = CostTests.sizes
    let program = Program(unchecked: try Expression.parse(source), in: environment)
    #expect(program.stepsBound(in: environment) ?? .max > Limits().stepsMax)
  }

  @Test func nestingDoesNotTakeLong() throws {
    let source = String(repeating: "[1].all(x, ", count: 40) + "s != ''" + String(repeating: ")", count: 40)
    #expect(try bound(source) ?? 0 > 40)
    let doubling = "[1]" + String(repeating: ".map(x, [x, x])", count: 200)
    #expect(try bound("\(doubling) == [1]") == nil)
  }

  /// The point of it: whatever is generated, never less than the evaluator charges.
  @Test func theBoundIsNeverBelowWhatIsCharged() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("cost: seed \(seed)")
    var source = RandomExpressionTests.Source(random: SeededGenerator(seed: seed))
    var (bounded, tight) = (0, 0)
    for _ in 0..<5_000 {
      let text = source.expression(depth: Int.random(in: 1...5, using: &source.random))
      var bindings = Bindings(
        RandomExpressionTests.variables.map { ($0.name, $0.type, source.largeValue(of: $0.type)) })
      bindings.environment.limits.stepsMax = 50_000_000
      bindings.environment.sizes = CostTests.sizes
      let program = Program(unchecked: try Expression.parse(text), in: bindings.environment)
      guard let bound = program.stepsBound(in: bindings.environment) else { continue }
      let steps = program.measure(bindings.frame).steps
      bounded += 1
      if steps * 2 > bound { tight += 1 }
      #expect(steps <= bound, "seed \(seed): `\(text)` takes \(steps) steps, not \(bound)")
    }
    print("cost: \(bounded) expressions have a bound, \(tight) take more than half of it")
    #expect(bounded > 2_000 && tight > 500)
  }
}

extension RandomExpressionTests.Source {
  /// Any value, often of the greatest size that the bound was made for.
  mutating func largeValue(of type: CELType) -> Value? {
    switch type {
    case .string where Bool.random(using: &random):
      return .string(String(repeating: ["a", "é", "1"].randomElement(using: &random) ?? "a", count: 100))
    case .bytes where Bool.random(using: &random): return .bytes(Array(repeating: 97, count: 200))
    case .list(let element) where Bool.random(using: &random):
      return .list((0..<12).map { _ in largeValue(of: element) ?? .null })
    case .map:
      return .map(MapValue(entries: (0..<12).map { (.string("key \($0)"), .int($0)) }))
    default: return value(of: type)
    }
  }
}
