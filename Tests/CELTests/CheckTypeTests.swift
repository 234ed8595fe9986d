import CEL
import Testing

@Suite("Checking: types and names")
struct CheckTypeTests {
  static let types: [(source: String, type: String)] = [
    ("1 + 2", "int"), ("1u + 2u", "uint"), ("1.0 * 2.0", "double"), ("'a' + 'b'", "string"),
    ("b'a' + b''", "bytes"),
    ("[1] + [2]", "list(int)"), ("[] + [1]", "list(int)"), ("[1, 'a']", "list(dyn)"), ("[]", "list(dyn)"),
    ("{'a': 1}", "map(string, int)"), ("{}", "map(dyn, dyn)"), ("{'a': 1}.a", "int"),
    ("{'a': [1]}['a'][0]", "int"),
    ("event.time - event.time", "duration"), ("event.time - duration('1h')", "timestamp"),
    ("duration('1h') + event.time", "timestamp"), ("since_last_reward + since_last_reward", "duration"),
    ("dyn(1)", "dyn"), ("extra + extra", "dyn"), ("extra < 1", "bool"), ("extra.a.b", "dyn"),
    ("extra[0]", "dyn"),
    ("extra + 1", "int"), ("type(1)", "type"), ("null", "null"), ("size(tags) + tags.size()", "int"),
    ("tags.map(t, size(t))", "list(int)"), ("tags.map(t, t != '', size(t))", "list(int)"),
    ("tags.filter(t, t != '')", "list(string)"), ("tags.exists(t, t == 'a')", "bool"),
    ("tags.exists_one(t, t == 'a')", "bool"), ("headers.all(k, headers[k] != '')", "bool"),
    ("headers.map(k, headers[k])", "list(string)"), ("tags.map(t, tags.map(u, t + u))", "list(list(string))"),
    ("rooted ? 1 : 2", "int"), ("rooted ? extra : 2", "dyn"), ("device.verdicts[0]", "enum"),
    ("device.verdicts.filter(v, v == 'MEETS_BASIC_INTEGRITY')", "list(enum)"),
    ("rooted ? device.verdict : 'x'", "string"), ("int('1') + int(1u) + int(1.5) + int(event.time)", "int"),
    ("timestamp(0).getFullYear('Europe/Berlin')", "int"), ("since_last_reward.getHours()", "int"),
    ("matches(user.id, 'a+') && user.id.matches('a+')", "bool"), ("has(headers.x)", "bool"), ("-1", "int"),
    ("-payout.amount", "double"), ("payouts_24h < 1.5 && payouts_24h >= 1u && 1.5 > payouts_24h", "bool"),
    ("payouts_24h == 1u || payout.amount == 100 || 3 in [1.0]", "bool"), ("[1.0, 2.0] == [1, 2]", "bool"),
    ("[1, 2] == [1, 'a']", "bool"), ("device.verdict.startsWith('MEETS')", "bool"),
    ("user.id == device.verdict", "bool"),
    ("type(event.time) == google.protobuf.Timestamp", "bool"), ("trusted_partners[0]", "string"),
  ]

  @Test("Every operator, function and macro gives its type", arguments: types)
  func type(source: String, type: String) throws {
    #expect(try CheckEnvironment.check(source).type.displayName == type)
  }

  /// The references of an expression by the source of their nodes.
  private func references(_ source: String, _ variables: [(String, CELType)]) throws -> [String] {
    let environment = Environment(
      variables: variables.enumerated().map { Environment.Variable(name: $1.0, type: $1.1, slot: $0 + 10) })
    let checked = try Expression.parse(source).check(in: environment)
    let bytes = Array(source.utf8)
    return zip(checked.expression.nodes, checked.references).compactMap { node, reference in
      let text = String(decoding: bytes[node.span], as: UTF8.self)
      switch reference {
      case .variable(let slot)?: return "\(text) = \(slot)"
      case .optionalVariable(let slot)?: return "\(text) = optional \(slot)"
      case .constant?: return "\(text) = constant"
      case .local(let name)?: return name == "@result" ? nil : "\(text) = local \(name)"
      case nil: return nil
      }
    }
  }

  @Test("The longest declared name wins, what follows selects")
  func longestName() throws {
    let inner = CELType.map(.string, .string)
    #expect(try references("a.b.c", [("a.b.c", .string), ("a.b", inner)]) == ["a.b.c = 10"])
    #expect(try references("a.b.d", [("a.b.c", .string), ("a.b", inner)]) == ["a.b = 11"])
    #expect(try references("a.b.c.d", [("a.b.c.d.e", .int), ("a", .dyn)]) == ["a = 11"])
    #expect(try references(".a.b", [("a.b", .int)]) == [".a.b = 10"])
    #expect(try references("a.`b`", [("a.b", .int)]) == ["a.`b` = 10"])
  }

  @Test("has() of a declared name asks for that variable, of a map for its key")
  func presence() throws {
    #expect(try references("has(a.b)", [("a.b", .int)]) == ["has(a.b) = 10"])
    #expect(try references("has(a.b.c)", [("a.b", .map(.string, .int))]) == ["a.b = 10"])
    #expect(try references("has(a.b)", [("a", .dyn)]) == ["a = 10"])
    #expect(try CheckEnvironment.check("has(user.id)").type == .bool)
  }

  @Test("The variable of a macro hides a declared name, except after a leading dot")
  func locals() throws {
    #expect(
      try references("l.all(a, a.b == .a.b)", [("a.b", .int), ("l", .list(.map(.string, .int)))])
        == ["l = 11", "a = local a", ".a.b = 10"])
  }

  @Test("A declared name hides the name of a type")
  func typeNames() throws {
    #expect(try references("int", [("int", .string)]) == ["int = 10"])
    #expect(try references("int", []) == ["int = constant"])
  }

  @Test("Slots are those that are read, ascending, each once")
  func slots() throws {
    let checked = try CheckEnvironment.check(
      "payouts_24h > 1 && user.id == 'a' || payouts_24h > 2 && has(user.age)")
    #expect(checked.slots == [0, 2, 7])
  }
}
