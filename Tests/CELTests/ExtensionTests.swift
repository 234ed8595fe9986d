import CEL
import Testing

/// Extensions are on or off, and teach in either case.
@Suite struct ExtensionTests {
  private static let variables: [(String, CELType)] = [
    ("user.ip", .string), ("tags", .list(.string)), ("prices", .map(.string, .double)), ("count", .int),
    ("extra", .dyn),
  ]

  private func environment(_ extensions: Extensions) -> Environment {
    Environment(
      variables: Self.variables.enumerated().map { .init(name: $1.0, type: $1.1, slot: $0) },
      extensions: extensions)
  }

  /// Findings as `code [source under the span] message | hint`.
  private func findings(_ source: String, _ extensions: Extensions) -> [String] {
    let found: [ExpressionDiagnostic]
    do throws(ExpressionDiagnostics) {
      found = try Expression.parse(source, extensions: extensions).check(in: environment(extensions)).warnings
    } catch { found = error.all }
    return found.map { finding in
      let under = String(decoding: Array(source.utf8)[finding.span], as: UTF8.self)
      return "\(finding.code) [\(under)] \(finding.message)" + (finding.hint.map { " | \($0)" } ?? "")
    }
  }

  static let off: [(source: String, findings: [String])] = [
    (
      "a.?b",
      [
        "cel-optional-syntax [?] optional fields, elements and indexes (`?`) are turned off here | test with `has(a.b)` or `key in map`"
      ]
    ),
    (
      "[?a]",
      [
        "cel-optional-syntax [?] optional fields, elements and indexes (`?`) are turned off here | test with `has(a.b)` or `key in map`"
      ]
    ),
    (
      "ip(user.ip).isLoopback()",
      [
        "cel-unknown-function [ip] unknown function `ip` | it belongs to an extension that is turned off here",
        "cel-unknown-function [isLoopback] unknown function `isLoopback` | it belongs to an extension that is turned off here",
      ]
    ),
    (
      "math.abs(count)",
      [
        "cel-unknown-function [math.abs] unknown function `math.abs` | it belongs to an extension that is turned off here"
      ]
    ),
    (
      "cel.bind(x, count, x + x)",
      [
        "cel-unknown-function [cel.bind] unknown function `cel.bind` | it belongs to an extension that is turned off here",
        "cel-unknown-name [x] unknown name `x` | the names are `count`, `extra`, `prices`, `tags` and `user.ip`",
        "cel-unknown-name [x] unknown name `x` | the names are `count`, `extra`, `prices`, `tags` and `user.ip`",
        "cel-unknown-name [x] unknown name `x` | the names are `count`, `extra`, `prices`, `tags` and `user.ip`",
      ]
    ),
    (
      "tags.all(i, t, t != '')",
      ["cel-macro-arguments [all] `all` does not take 3 arguments | write `list.all(x, condition)`"]
    ),
  ]

  @Test("What is off says so", arguments: off)
  func turnedOff(source: String, findings: [String]) {
    #expect(self.findings(source, []) == findings)
  }

  static let mistakes: [(source: String, findings: [String])] = [
    (
      "math.flor(1.5)",
      ["cel-unknown-function [math.flor] unknown function `math.flor` | did you mean `math.floor`?"]
    ),
    (
      "isip(user.ip)", ["cel-unknown-function [isip] unknown function `isip` | did you mean `isIP`?"]
    ),
    ("abs(count)", ["cel-unknown-function [abs] unknown function `abs`"]),
    (
      "user.ip.isLoopback()",
      [
        "cel-no-overload [user.ip.isLoopback()] `string` has no method `isLoopback` | write `ip(user.ip).isLoopback(…)`"
      ]
    ),
    (
      "ip(user.ip) == '10.0.0.1'",
      [
        "cel-never-equal [ip(user.ip) == '10.0.0.1'] `ip` and `string` are never equal | convert with `ip('10.0.0.1')`"
      ]
    ),
    (
      "ip(user.ip) in cidr('10.0.0.0/8')",
      [
        "cel-no-overload [ip(user.ip) in cidr('10.0.0.0/8')] `in` does not take `ip` and `cidr` | write `cidr('10.0.0.0/8').containsIP(ip(user.ip))`"
      ]
    ),
    (
      "prices.?eur == 1.0",
      [
        "cel-never-equal [prices.?eur == 1.0] `optional(double)` and `double` are never equal | take the value out with `prices.?eur.orValue(…)`"
      ]
    ),
    (
      "tags.transformList(t, size(t))",
      [
        "cel-macro-arguments [transformList] `transformList` does not take 2 arguments | write `list.transformList(i, x, value)` or `list.transformList(i, x, condition, value)`"
      ]
    ),
    (
      "tags.all('i', t, t != '')",
      [
        "cel-macro-variable ['i'] the first two arguments of `all` name its variables | write `list.all(i, x, condition)`"
      ]
    ),
    (
      "count.?a",
      ["cel-no-such-field [a] `count` is `int` and has no fields that may be absent"]
    ),
    (
      "prices.?eur.orValue('x') > 1.0",
      ["cel-no-overload [prices.?eur.orValue('x')] `orValue` does not take `string`"]
    ),
    (
      "cel.bind(count, 1, count > 0)",
      [
        "cel-hidden-name [cel.bind(count, 1, count > 0)] the variable `count` hides a declared name | choose another name for the variable"
      ]
    ),
    (
      "cel.index(0)",
      [
        "cel-unknown-function [cel.index] unknown function `cel.index` | it belongs to an extension that is turned off here"
      ]
    ),
    (
      "ip('10.0.0.256') == ip(user.ip)",
      [
        "cel-bad-address ['10.0.0.256'] `10.0.0.256` is no address | write four numbers from 0 to 255, such as `192.0.2.1`, or IPv6, such as `2001:db8::1`"
      ]
    ),
    (
      "cidr('10.0.0.0/33').containsIP(user.ip)",
      [
        "cel-bad-address ['10.0.0.0/33'] `10.0.0.0/33` is no range of addresses | write an address and the number of bits that count, such as `10.0.0.0/8`"
      ]
    ),
    (
      "cidr('10.0.0.0').containsIP(user.ip)",
      [
        "cel-bad-address ['10.0.0.0'] `10.0.0.0` is no range of addresses | write an address and the number of bits that count, such as `10.0.0.0/32`"
      ]
    ),
    (
      "cidr('10.0.0.0/8').containsIP('10.0.0')",
      [
        "cel-bad-address ['10.0.0'] `10.0.0` is no address | write four numbers from 0 to 255, such as `192.0.2.1`, or IPv6, such as `2001:db8::1`"
      ]
    ),
  ]

  @Test("What is on teaches", arguments: mistakes)
  func teaching(source: String, findings: [String]) {
    #expect(self.findings(source, .usual) == findings)
  }

  static let types: [(source: String, type: String)] = [
    ("ip(user.ip)", "ip"), ("cidr('10.0.0.0/8')", "cidr"), ("cidr('10.0.0.0/8').ip()", "ip"),
    ("string(ip(user.ip))", "string"), ("user.ip.split('.')", "list(string)"), ("tags.join('-')", "string"),
    ("user.ip.indexOf('.')", "int"), ("math.greatest(count, 3)", "int"), ("math.greatest(count, 3.0)", "dyn"),
    ("math.greatest(1.5, 2.5, 3.5)", "double"), ("math.least([1, 2])", "int"), ("math.sqrt(count)", "double"),
    ("optional.of(count)", "optional(int)"), ("optional.none()", "optional(dyn)"),
    ("prices.?eur", "optional(double)"), ("prices[?'eur']", "optional(double)"),
    ("tags[?0]", "optional(string)"),
    ("prices.?eur.orValue(0.0)", "double"), ("extra.?a", "optional(dyn)"), ("extra.?a.b", "optional(dyn)"),
    ("optional.of(prices).eur", "optional(double)"), ("optional.of(tags)[0]", "optional(string)"),
    ("[?prices.?eur, 1.0]", "list(double)"), ("{?'a': tags[?0]}", "map(string, string)"),
    ("tags[?0].optMap(t, size(t))", "optional(int)"),
    ("tags[?0].optFlatMap(t, prices[?t])", "optional(double)"),
    ("tags.transformList(i, t, t + string(i))", "list(string)"),
    ("tags.transformMap(i, t, i > 0, t)", "map(int, string)"),
    ("prices.transformMapEntry(k, v, {v > 1.0: k})", "map(bool, string)"),
    ("prices.exists(k, v, k == 'eur' && v > 1.0)", "bool"), ("cel.bind(n, size(tags), n * n)", "int"),
    ("base64.encode(b'a')", "string"), ("base64.decode('YQ==')", "bytes"), ("'%d'.format([1])", "string"),
    ("optional.unwrap([tags[?0], optional.none()])", "list(string)"),
  ]

  @Test("Every function gives its type", arguments: types)
  func typing(source: String, type: String) throws {
    #expect(try Expression.parse(source).check(in: environment(.usual)).type.displayName == type)
  }
}

/// `user.?country` where `user.country` is a declared name.
@Suite struct OptionalVariableTests {
  private static let variables: [(name: String, type: CELType, value: Value?)] = [
    ("user.country", .string, .string("DE")), ("user.age", .int, nil),
    (
      "user.device", .map(.string, .string),
      .map(MapValue(entries: [(key: .string("os"), value: .string("linux"))]))
    ),
    ("user.device.id", .string, nil), ("extra", .dyn, nil), ("zero", .int, .int(0)),
  ]

  static let cases: [(source: String, outcome: String)] = [
    ("user.?country.orValue('?') == 'DE'", "bool(true)"), ("user.?age.orValue(18) == 18", "bool(true)"),
    ("user.?age.hasValue()", "bool(false)"), ("user.?device.?os.orValue('') == 'linux'", "bool(true)"),
    ("user.?device.os.orValue('') == 'linux'", "bool(true)"), ("user.?device.?ios.hasValue()", "bool(false)"),
    ("user.device.?os.hasValue()", "bool(true)"), ("user.device.?id.hasValue()", "bool(false)"),
    ("user.?device.id.hasValue()", "bool(false)"), ("user.?device.?id.hasValue()", "bool(false)"),
    ("has(user.?device.id)", "bool(false)"), ("has(user.?device.os)", "bool(true)"),
    ("[?user.?age, ?user.?country.optMap(c, size(c))] == [2]", "bool(true)"),
    ("user.?age.or(optional.of(zero)).value() == 0", "bool(true)"), ("user.age == 1", "unknown [1]"),
    ("extra.?a.hasValue()", "unknown [4]"), ("user.?age.orValue(user.age) == 1", "unknown [1]"),
    ("[{'age': 1}].all(user, user.?age.hasValue())", "bool(true)"), (".user.?age.hasValue()", "bool(false)"),
    ("[{'age': 1}].all(user, .user.?age.hasValue())", "bool(false)"),
  ]

  @Test("A variable that may be missing", arguments: cases)
  func optionalVariable(source: String, outcome: String) throws {
    let bindings = Bindings(Self.variables)
    #expect(bindings.outcome(source) == outcome)
    let found: String
    do { found = "\(try bindings.checked(source).evaluate(bindings.frame))" } catch {
      found = Bindings.describe(error)
    }
    #expect(found == outcome)
  }

  @Test("Its type, its slot and its mistakes")
  func checking() throws {
    let environment = Bindings(Self.variables).environment
    let checked = try Expression.parse("user.?device.?os").check(in: environment)
    #expect(checked.type == .optional(.string))
    #expect(checked.slots == [2])
    do throws(ExpressionDiagnostics) {
      _ = try Expression.parse("user.?contry.hasValue()").check(in: environment)
      Issue.record("an unknown name was accepted")
    } catch {
      #expect(error.all.map(\.code) == ["cel-unknown-name"])
      #expect(error.all[0].message == "unknown name `user.contry`")
      #expect(error.all[0].hint == "did you mean `user.country`?")
      #expect(error.all[0].span == 0..<12)
    }
  }
}
