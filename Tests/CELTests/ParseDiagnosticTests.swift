import CEL
import Testing

/// What is said about text that is no expression, and where.
@Suite("Parsing: diagnostics")
struct ParseDiagnosticTests {
  static let cases: [(source: String, findings: [String])] = [
    ("a = 1", ["cel-unknown-operator [=] there is no operator `=` | write `==` to compare"]),
    ("a === 1", ["cel-unknown-operator [===] there is no operator `===` | write `==`"]),
    ("a !== 1", ["cel-unknown-operator [!==] there is no operator `!==` | write `!=`"]),
    ("a & b", ["cel-unknown-operator [&] there is no operator `&` | write `&&`"]),
    ("a | b", ["cel-unknown-operator [|] there is no operator `|` | write `||`"]),
    ("a <> b", ["cel-unknown-operator [<>] there is no operator `<>` | write `!=`"]),
    ("a =~ b", ["cel-unknown-operator [=~] there is no operator `=~` | write `text.matches(pattern)`"]),
    ("a ?? b", ["cel-unknown-operator [??] there is no operator `??` | write `has(a.b) ? a.b : other`"]),
    ("a => b", ["cel-unknown-operator [=>] there is no operator `=>` | write `>=`"]),
    ("a # b", ["cel-unexpected-character [#] unexpected character `#` | a comment begins with `//`"]),
    ("a ≥ b", ["cel-unexpected-character [≥] unexpected character `≥` | write `>=`"]),
    (
      "a  b",
      [
        "cel-unexpected-character [ ] unexpected character U+00A0 | this is a blank that only looks like one; type it again"
      ]
    ),
    (
      "a ; b",
      [
        "cel-unexpected-character [;] unexpected character `;` | an expression is one value; join conditions with `&&` or `||`"
      ]
    ),
    ("$a", ["cel-unexpected-character [$] unexpected character `$` | names begin with a letter or `_`"]),
    ("\u{01}", ["cel-unexpected-character [\u{01}] unexpected character U+0001"]),
    (
      "“x”",
      [
        "cel-smart-quote [“] `“` is a quotation mark for reading, not for text in an expression | write `\"` or `'`"
      ]
    ),
    ("'abc", ["cel-unterminated-string ['abc] this text has no closing ' | close it with '"]),
    (
      "'abc\ndef'",
      [
        "cel-unterminated-string ['abc] this text has no closing ' | close it with ' on its line, or use triple quotation marks for text of several lines"
      ]
    ),
    (
      "\"\"\"abc",
      ["cel-unterminated-string [\"\"\"abc] this text has no closing \"\"\" | close it with \"\"\""]
    ),
    ("b'", ["cel-unterminated-string [b'] this text has no closing ' | close it with '"]),
    (
      "'\\q'",
      [
        "cel-invalid-escape [\\q] there is no escape sequence `\\q` | write `\\\\` for a backslash, or the prefix `r` for text without escapes"
      ]
    ),
    ("'a\\", ["cel-unterminated-string ['a\\] this text has no closing ' | close it with '"]),
    (
      "'\\u12'",
      ["cel-invalid-escape [\\u12] an escape sequence lacks digits | `\\u` takes 4 hexadecimal digits"]
    ),
    (
      "'\\ud800'",
      [
        "cel-invalid-escape [\\ud800] `\\ud800` names no character | write a character beyond U+FFFF as `\\U` and eight digits, not as two surrogates"
      ]
    ),
    (
      "'\\U00110000'",
      [
        "cel-invalid-escape [\\U00110000] `\\U00110000` names no character | the last character is `\\U0010FFFF`"
      ]
    ),
    (
      "'\\x4'",
      ["cel-invalid-escape [\\x4] an escape sequence lacks digits | `\\x` takes 2 hexadecimal digits"]
    ),
    (
      "b'\\u0041'",
      [
        "cel-invalid-escape [\\u] there is no escape sequence `\\u` | bytes take `\\x` and two digits for each byte"
      ]
    ),
    (
      "'\\9'",
      [
        "cel-invalid-escape [\\9] there is no escape sequence `\\9` | write `\\\\` for a backslash, or the prefix `r` for text without escapes"
      ]
    ),
    (
      "'\\08'",
      ["cel-invalid-escape [\\08] an escape sequence lacks digits | `\\0` takes three octal digits in all"]
    ),
    (
      "24h",
      ["cel-invalid-number [24h] `24h` is not a number | a span of time is written `duration(\"24h\")`"]
    ),
    (
      "7d",
      [
        "cel-invalid-number [7d] `7d` is not a number | a span of time is written in hours, `duration(\"168h\")`"
      ]
    ),
    ("1_000", ["cel-invalid-number [1_000] `1_000` is not a number | digits are not grouped: write `1000`"]),
    ("0x", ["cel-invalid-number [0x] `0x` lacks its digits"]),
    ("0xg", ["cel-invalid-number [0x] `0x` lacks its digits"]),
    ("1e", ["cel-invalid-number [1e] `1e` is not a number"]),
    ("12ab", ["cel-invalid-number [12ab] `12ab` is not a number"]),
    (
      "9223372036854775808",
      [
        "cel-number-range [9223372036854775808] `9223372036854775808` is out of the range of an int | write `9223372036854775808u` for a uint"
      ]
    ),
    (
      "-9223372036854775809",
      [
        "cel-number-range [9223372036854775809] `-9223372036854775809` is out of the range of an int | a double, such as `1e20`, holds larger numbers"
      ]
    ),
    (
      "18446744073709551616u",
      [
        "cel-number-range [18446744073709551616u] `18446744073709551616u` is out of the range of a uint | a double, such as `1e20`, holds larger numbers"
      ]
    ),
    ("1e999", ["cel-number-range [1e999] `1e999` is out of the range of a double"]),
    (
      "99999999999999999999999",
      [
        "cel-number-range [99999999999999999999999] `99999999999999999999999` is out of the range of an int | a double, such as `1e20`, holds larger numbers"
      ]
    ),
    (
      "0x1FFFFFFFFFFFFFFFF",
      [
        "cel-number-range [0x1FFFFFFFFFFFFFFFF] `0x1FFFFFFFFFFFFFFFF` is out of the range of an int | a double, such as `1e20`, holds larger numbers"
      ]
    ),
    (
      "a.`b",
      [
        "cel-invalid-quoted-name [`b] a name in back-ticks is not closed or holds a character it cannot | it takes letters, digits, `_`, `.`, `-`, `/` and blanks"
      ]
    ),
    (
      "a.`b+c`",
      [
        "cel-invalid-quoted-name [`b+] a name in back-ticks is not closed or holds a character it cannot | it takes letters, digits, `_`, `.`, `-`, `/` and blanks"
      ]
    ),
    (
      "a.``",
      [
        "cel-invalid-quoted-name [``] a name in back-ticks is not closed or holds a character it cannot | it takes letters, digits, `_`, `.`, `-`, `/` and blanks"
      ]
    ),
    ("", ["cel-empty-expression [] the expression is empty"]),
    ("  // x", ["cel-empty-expression [  // x] the expression is empty"]),
    (
      "a b",
      ["cel-unexpected-token [b] `b` does not continue the expression | an operator is missing before it"]
    ),
    (
      "(a))",
      ["cel-unexpected-token [)] `)` does not continue the expression | there is no bracket open for it"]
    ),
    ("a ? b c", ["cel-unexpected-token [c] `c` stands where `:` is needed"]),
    (
      "a ? b ? c : d : e",
      ["cel-unexpected-token [?] `?` stands where `:` is needed | put the inner `?:` into parentheses"]
    ),
    ("(a", ["cel-unclosed-bracket [(] `(` is never closed | add `)`"]),
    ("[1, 2", ["cel-unclosed-bracket [[] `[` is never closed | add `]`"]),
    ("{'a': 1", ["cel-unclosed-bracket [{] `{` is never closed | add `}`"]),
    ("f(a", ["cel-unclosed-bracket [(] `(` is never closed | add `)`"]),
    ("f(a,)", ["cel-unexpected-token [)] `)` stands where another argument is needed"]),
    ("f(a b)", ["cel-unexpected-token [b] `b` stands where `)` is needed"]),
    ("[1 2]", ["cel-unexpected-token [2] `2` stands where `]` is needed"]),
    ("{1}", ["cel-unexpected-token [}] `}` stands where `:` is needed"]),
    ("a +", ["cel-unexpected-end [] the expression ends where a value is needed"]),
    ("+ a", ["cel-unexpected-token [+] `+` stands where a value is needed"]),
    ("1 + + 2", ["cel-unexpected-token [+] `+` stands where a value is needed"]),
    ("a.", ["cel-unexpected-end [] the expression ends where a field name is needed"]),
    (
      "a.1",
      ["cel-unexpected-token [.1] `.1` does not continue the expression | an operator is missing before it"]
    ),
    ("a[", ["cel-unexpected-end [] the expression ends where a value is needed"]),
    ("a[]", ["cel-unexpected-token []] `]` stands where a value is needed"]),
    ("()", ["cel-unexpected-token [)] `)` stands where a value is needed"]),
    ("a ? b", ["cel-unexpected-end [] the expression ends where `:` is needed"]),
    ("a ? b :", ["cel-unexpected-end [] the expression ends where a value is needed"]),
    ("a and b", ["cel-word-operator [and] there is no operator `and` | write `&&`"]),
    ("a OR b", ["cel-word-operator [OR] there is no operator `OR` | write `||`"]),
    ("not a", ["cel-word-operator [not] there is no operator `not` | write `!`"]),
    (
      "a not in b",
      [
        "cel-word-operator [not] there is no operator `not` | write `!(a in b)` for `a not in b`, `!a` for `not a`"
      ]
    ),
    ("a is b", ["cel-word-operator [is] there is no operator `is` | write `==`"]),
    (
      "x contains 'a'",
      [
        "cel-word-operator [contains] there is no operator `contains` | call it on the text: `text.contains(other)`"
      ]
    ),
    ("(not a)", ["cel-word-operator [not] there is no operator `not` | write `!`"]),
    (
      "if (a) b",
      ["cel-reserved-word [if] `if` is a reserved word and names nothing | write `condition ? value : other`"]
    ),
    ("for", ["cel-reserved-word [for] `for` is a reserved word and names nothing"]),
    (
      "a.in",
      [
        "cel-reserved-word [in] `in` is a reserved word and names nothing | put the field's name into back-ticks"
      ]
    ),
    (
      "a.true",
      [
        "cel-reserved-word [true] `true` is a reserved word and names nothing | put the field's name into back-ticks"
      ]
    ),
    (".true", ["cel-reserved-word [true] `true` is a reserved word and names nothing"]),
    ("import + 1", ["cel-reserved-word [import] `import` is a reserved word and names nothing"]),
    ("has(a)", ["cel-has-argument [a] `has` takes a field, such as `has(user.id)`"]),
    ("has(a.b())", ["cel-has-argument [a.b()] `has` takes a field, such as `has(user.id)`"]),
    ("has()", ["cel-macro-arguments [has] `has` does not take 0 arguments | write `has(a.b)`"]),
    ("has(a.b, c)", ["cel-macro-arguments [has] `has` does not take 2 arguments | write `has(a.b)`"]),
    (
      "l.all(x)",
      ["cel-macro-arguments [all] `all` does not take 1 argument | write `list.all(x, condition)`"]
    ),
    (
      "l.all(a.b, x)",
      [
        "cel-macro-variable [a.b] the first argument of `all` names its variable | write `list.all(x, condition)`"
      ]
    ),
    (
      "l.map(x)",
      [
        "cel-macro-arguments [map] `map` does not take 1 argument | write `list.map(x, value)` or `list.map(x, condition, value)`"
      ]
    ),
    (
      "l.exists(1, x)",
      [
        "cel-macro-variable [1] the first argument of `exists` names its variable | write `list.exists(x, condition)`"
      ]
    ),
    (
      "l.all(i, v, x, y)",
      ["cel-macro-arguments [all] `all` does not take 4 arguments | write `list.all(x, condition)`"]
    ),
    ("in b", ["cel-unexpected-token [in] `in` stands where a value is needed"]),
    ("a in", ["cel-unexpected-end [] the expression ends where a value is needed"]),
    ("a{", ["cel-unexpected-end [] the expression ends where a field name is needed"]),
    (
      "1{}",
      ["cel-unexpected-token [{] `{` does not continue the expression | an operator is missing before it"]
    ),
    ("M{1: 2}", ["cel-unexpected-token [1] `1` stands where a field name is needed"]),
    ("M{a 2}", ["cel-unexpected-token [2] `2` stands where `:` is needed"]),
    ("true = false", ["cel-unknown-operator [=] there is no operator `=` | write `==` to compare"]),
    ("a =  = b", ["cel-unknown-operator [=] there is no operator `=` | write `==` to compare"]),
    ("f(", ["cel-unexpected-end [] the expression ends where a value is needed"]),
    ("-", ["cel-unexpected-end [] the expression ends where a value is needed"]),
    ("!", ["cel-unexpected-end [] the expression ends where a value is needed"]),
    ("a..b", ["cel-unexpected-token [.] `.` stands where a field name is needed"]),
    ("a.b.", ["cel-unexpected-end [] the expression ends where a field name is needed"]),
    ("`a`", ["cel-unexpected-token [`a`] `a` stands where a value is needed"]),
    ("[,]", ["cel-unexpected-token [,] `,` stands where a value is needed"]),
    ("(a, b)", ["cel-unexpected-token [,] `,` stands where `)` is needed"]),
    ("a ? : b", ["cel-unexpected-token [:] `:` stands where a value is needed"]),
    (
      "\"a\" \"b\"",
      [
        "cel-unexpected-token [\"b\"] `\"b\"` does not continue the expression | an operator is missing before it"
      ]
    ),
    (
      "size x",
      ["cel-unexpected-token [x] `x` does not continue the expression | an operator is missing before it"]
    ),
    ("1..2", ["cel-unexpected-token [.2] `.2` stands where a field name is needed"]),
  ]

  @Test("Each mistake has its place, message and hint", arguments: cases)
  func finding(source: String, findings: [String]) {
    #expect(CheckEnvironment.findings(source) == findings)
  }

  @Test("Each limit has its own diagnostic")
  func limits() {
    func finding(_ source: String, _ change: (inout Limits) -> Void) -> ExpressionDiagnostic? {
      var limits = Limits()
      change(&limits)
      do {
        _ = try Expression.parse(source, limits: limits)
        return nil
      } catch { return error.all.first }
    }
    let long = finding("a + b", { $0.sourceBytesMax = 4 })
    #expect(long?.code == "cel-source-too-long")
    #expect(long?.message == "the expression has 5 bytes, more than 4")
    #expect(long?.span == 4..<5)
    let deep = finding("[[[1]]]", { $0.depthMax = 3 })
    #expect(deep?.code == "cel-too-deep")
    #expect(deep?.message == "the expression is nested deeper than 3 levels")
    #expect(deep?.span == 3..<4)
    let many = finding("a + b", { $0.nodesMax = 2 })
    #expect(many?.code == "cel-too-many-nodes")
    #expect(many?.message == "the expression has more than 2 parts")
    #expect(many?.span == 0..<5)
    #expect(finding("[[[1]]]", { $0.depthMax = 4 }) == nil)
    #expect(finding("a + b", { $0.nodesMax = 3 }) == nil)
  }
}
