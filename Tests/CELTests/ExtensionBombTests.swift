import CEL
import Testing

/// Functions of extensions neither trap nor run long, whatever they are given.
@Suite struct ExtensionBombTests {
  static let bombs: [String] = [
    // Texts that double.
    "[1,2,3,4,5,6,7,8].map(a, t.replace('', t).replace('', t))", "t.split('').map(a, t.split('')).size()",
    "t.split('').map(a, t.split('').map(b, t.split('')))", "t.split('').map(a, t).join(t)",
    "'%s%s%s%s'.format([t, t, t, t]).split('').map(a, '%s%s'.format([t, t]))",
    "t.split('').map(a, '%.1000f'.format([1e308]))", "t.split('').map(a, t.lastIndexOf(t.reverse()))",
    "t.split('').map(a, strings.quote(t)).join().replace('a', t)",
    "cel.bind(a, t + t, cel.bind(b, a + a, cel.bind(c, b + b, c.replace('a', c).replace('a', c))))",
    "t.split('').map(a, base64.encode(bytes(t))).join()",
    "l.transformMap(i, v, l.transformMap(j, w, l.transformMap(k, x, k)))",
    "l.transformList(i, v, l.transformList(j, w, l.transformList(k, x, [i, j, k])))",
    "l.transformMapEntry(i, v, {i: l.transformMapEntry(j, w, {j: l})}).transformMap(k, v, v)",
    "l.map(a, l.map(b, math.greatest(l)))", "l.map(a, optional.unwrap(l.map(b, optional.of(l.map(c, c)))))",
    "l.exists(i, v, l.exists(j, w, l.exists(k, x, k < 0)))",
    "l.map(a, l.map(b, ip('2001:db8::1').isLoopback()))",
    "l.map(a, '%s'.format([l.map(b, '%s'.format([l]))]))",
  ]

  @Test("Bombs are an error of the budget", arguments: bombs)
  func bomb(source: String) throws {
    let bindings = Bindings([
      ("t", .string, .string(String(repeating: "a", count: 4_096))),
      ("l", .list(.int), .list((0..<1_000).map { .int($0) })),
    ])
    let start = ContinuousClock.now
    do {
      _ = try bindings.checked(source).evaluate(bindings.frame)
      Issue.record("`\(source)` has a value")
    } catch let error as EvaluationFailure {
      guard case .error(let error) = error else { return }
      #expect(error.code == .budgetSpent, "`\(source)`: \(error)")
    }
    // A hundred times what it takes on an idle machine.
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  static let extremes: [(source: String, outcome: String)] = [
    ("math.abs(-9223372036854775808)", "error overflow"), ("math.bitShiftLeft(1, 9223372036854775807)", "0"),
    ("math.bitShiftRight(-1, 63)", "1"),
    ("math.bitShiftRight(1, -9223372036854775808)", "error invalidArgument"),
    ("math.greatest([])", "error invalidArgument"),
    ("math.greatest(0.0 / 0.0, 1.0)", "error invalidArgument"),
    ("math.greatest(dyn('a'))", "error noSuchOverload"), ("math.round(1.0 / 0.0) > 1e300", "true"),
    ("math.round(-0.5)", "-1.0"), ("math.sqrt(-1) == math.sqrt(-1)", "false"), ("math.sign(-0.0)", "-0.0"),
    ("math.least(9223372036854775807, 9223372036854775808.0) == 9223372036854775807", "true"),
    ("'a'.charAt(9223372036854775807)", "error indexOutOfRange"),
    ("'a'.charAt(-9223372036854775808)", "error indexOutOfRange"),
    ("'abc'.substring(2, 1)", "error invalidArgument"), ("'abc'.split('', 9223372036854775807).size()", "3"),
    ("'abc'.replace('', '-', 2)", "-a-bc"), ("'abc'.replace('', '-')", "-a-b-c-"),
    ("''.replace('', '-')", "-"),
    ("''.split('').size()", "0"), ("''.split(',').size()", "1"), ("'e\\u0301'.reverse()", "\u{301}e"),
    ("'%'.format([])", "error invalidArgument"), ("'%.'.format([1])", "error invalidArgument"),
    ("'%.f'.format([1])", "error invalidArgument"),
    ("'%.99999999999999999999f'.format([1])", "error invalidArgument"),
    ("'%s'.format([optional.of(1)])", "error invalidArgument"), ("'%x'.format([-255])", "-ff"),
    ("'%d'.format([1.5])", "1.5"), ("'a'.format([1])", "a"), ("'%s'.format([ip('::1')])", "::1"),
    ("base64.decode('a')", "error invalidConversion"), ("base64.decode('YQ=')", "error invalidConversion"),
    ("base64.decode('=')", "error invalidConversion"), ("base64.decode('Y!==')", "error invalidConversion"),
    ("base64.decode('YQ\\n')", "error invalidConversion"), ("string(base64.decode(''))", ""),
    ("optional.none().value()", "error invalidArgument"), ("dyn(1).orValue(2)", "error noSuchOverload"),
    ("optional.of(1).orValue(1 / 0)", "1"), ("optional.of(optional.of({'a': 1})).?a", "error noSuchField"),
    ("{'a': 1}.transformMapEntry(k, v, {'x': 1, 'y': 2}).size()", "2"),
    ("[1, 2].transformMapEntry(i, v, {'x': v})", "error invalidArgument"),
    ("[1, 2].transformMapEntry(i, v, dyn(1))", "error noSuchOverload"),
    ("[1].transformMap(i, v, {1.5: 1})", "error invalidArgument"), ("[?dyn(1)]", "error noSuchOverload"),
    ("[1, 2][?1.5]", "error invalidArgument"), ("[1][?18446744073709551615u].hasValue()", "false"),
    ("cel.bind(x, 1 / 0, true || x > 1)", "true"), ("cel.bind(x, 1 / 0, x > 1)", "error divisionByZero"),
    ("cel.bind(x, 2, [1, 2, 3].filter(y, y > x).size() + x)", "3"),
    ("[1, 2].all(i, v, [3].exists(j, w, w > i + j))", "true"),
  ]

  @Test("Extremes have a value or an error", arguments: extremes)
  func extreme(source: String, outcome: String) throws {
    let bindings = Bindings()
    let found: String
    do {
      switch try bindings.evaluate(source) {
      case .string(let text): found = text
      case .int(let number): found = "\(number)"
      case .double(let number): found = "\(number)"
      case .bool(let flag): found = "\(flag)"
      case .bytes(let bytes): found = String(decoding: bytes, as: UTF8.self)
      case let value: found = "\(value)"
      }
    } catch { found = Bindings.describe(error) }
    #expect(found == outcome)
  }
}
