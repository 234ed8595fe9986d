import CEL
import Testing

@Suite("Parsing: shapes")
struct ParseShapeTests {
  static let shapes: [(String, String)] = [
    ("1 + 2 * 3 - 4", "_-_(_+_(1, _*_(2, 3)), 4)"),
    ("a - b - c", "_-_(_-_(a, b), c)"),
    ("a < b == c", "_==_(_<_(a, b), c)"),
    ("a in b || !c && d", "_||_(@in(a, b), _&&_(!_(c), d))"),
    ("a || b || c || d", "_||_(_||_(a, b), _||_(c, d))"),
    ("a && b && c", "_&&_(_&&_(a, b), c)"),
    ("a ? b : c ? d : e", "_?_:_(a, b, _?_:_(c, d, e))"),
    ("a ? .b : .5", "_?_:_(a, .b, 0.5)"),
    ("-a.b[0]", "-_(_[_](a.b, 0))"),
    ("--1", "-_(-1)"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("-(1)", "-_(1)"),
    ("1 -1", "_-_(1, 1)"),
    ("!!a", "!_(!_(a))"),
    ("a.b.f(1, x)", "a.b.f(1, x)"),
    ("f()", "f()"),
    (".a.b", ".a.b"),
    ("a.`b-c d/e.f`", "a.b-c d/e.f"),
    ("{'a': 1,}.a", "{\"a\": 1}.a"),
    ("[1, 2,][0]", "_[_]([1, 2], 0)"),
    ("a.b.C{x: 1, y: 2}", "a.b.C{x: 1, y: 2}"),
    (".C{}.x", ".C{}.x"),
    ("x.if.for()", "x.if.for()"),
    ("0xFFu + 0x7f", "_+_(255u, 127)"),
    ("1.5e3 + 1e-1 + .5", "_+_(_+_(1500.0, 0.1), 0.5)"),
    ("true ? null : false // why", "_?_:_(true, null, false)"),
    ("has(a.b.c)", "has(a.b.c)"),
    (
      "l.all(x, x)",
      "fold(x in l, @result = true, while @not_strictly_false(@result), _&&_(@result, x), @result)"
    ),
    (
      "l.exists(x, x)",
      "fold(x in l, @result = false, while @not_strictly_false(!_(@result)), _||_(@result, x), @result)"
    ),
    (
      "l.exists_one(x, x)",
      "fold(x in l, @result = 0, while true, _?_:_(x, _+_(@result, 1), @result), _==_(@result, 1))"
    ),
    ("l.map(x, f(x))", "fold(x in l, @result = [], while true, _+_(@result, [f(x)]), @result)"),
    (
      "l.map(x, p, f(x))",
      "fold(x in l, @result = [], while true, _?_:_(p, _+_(@result, [f(x)]), @result), @result)"
    ),
    (
      "l.filter(x, p)",
      "fold(x in l, @result = [], while true, _?_:_(p, _+_(@result, [x]), @result), @result)"
    ),
    ("all(x, y) + has.map", "_+_(all(x, y), has.map)"),
  ]

  @Test("Source becomes the tree of the grammar", arguments: shapes)
  func shape(source: String, tree: String) throws {
    #expect(try ParsePrinter.text(source) == tree)
  }

  static let texts: [(String, Value)] = [
    (#"'\a\b\f\n\r\t\v\\\?\"\'\`'"#, .string("\u{7}\u{8}\u{C}\n\r\t\u{B}\\?\"'`")),
    (#""\x41\X42\103\u00e9\U0001F431""#, .string("ABCé🐱")),
    (#"b'\xff\377\x00é'"#, .bytes([0xFF, 0xFF, 0, 0xC3, 0xA9])),
    (#"r'\n\'"#, .string("\\n\\")),
    (#"bR"\d""#, .bytes([0x5C, 0x64])),
    ("'''a'b\n''c'''", .string("a'b\n''c")),
    ("\"\"\"\"a\\\"\"\"\"", .string("\"a\"")),
    ("''''''", .string("")),
  ]

  @Test("Text and bytes with every escape", arguments: texts)
  func text(source: String, value: Value) throws {
    let expression = try Expression.parse(source)
    guard case .literal(let found) = expression[expression.root].kind else {
      Issue.record("\(source) is no literal")
      return
    }
    switch (found, value) {
    case (.string(let left), .string(let right)): #expect(Array(left.utf8) == Array(right.utf8))
    case (.bytes(let left), .bytes(let right)): #expect(left == right)
    default: Issue.record("\(source) is \(found)")
    }
  }

  @Test("Spans cover what is written, parentheses included")
  func spans() throws {
    let source = "(a + b) * -c.d('é') + has( x.y )"
    let expression = try Expression.parse(source)
    let utf8 = Array(source.utf8)
    let pieces = expression.nodes.map { String(decoding: utf8[$0.span], as: UTF8.self) }
    #expect(
      pieces == [
        "a", "b", "(a + b)", "c", "'é'", "c.d('é')", "-c.d('é')", "(a + b) * -c.d('é')", "x", "has( x.y )",
        source,
      ])
  }

  @Test("Children stand before their parents and every node is reached")
  func order() throws {
    let source =
      "[1, 2].filter(x, x > 1).map(y, y < 3, {y: f(y)}).exists_one(z, has(z.a)) ? M{a: 1} : a.b.c[d]"
    let expression = try Expression.parse(source)
    var reached: Set<NodeID> = [expression.root]
    for index in expression.nodes.indices.reversed() {
      expression.nodes[index].kind.forEachChild { child in
        #expect(child.index < index)
        reached.insert(child)
      }
    }
    #expect(reached.count == expression.nodes.count)
  }
}
