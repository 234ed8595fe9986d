import CEL
import Testing

/// What is said about names and types that do not agree, and where.
@Suite("Checking: diagnostics")
struct CheckDiagnosticTests {
  static let cases: [(source: String, findings: [String])] = [
    ("payouts_24", ["cel-unknown-name [payouts_24] unknown name `payouts_24` | did you mean `payouts_24h`?"]),
    ("user.idd == 'x'", ["cel-unknown-name [user.idd] unknown name `user.idd` | did you mean `user.id`?"]),
    (
      "user",
      [
        "cel-incomplete-name [user] `user` is the beginning of a name, not a value | the names are `user.age`, `user.country` and `user.id`"
      ]
    ),
    ("has(user)", ["cel-has-argument [user] `has` takes a field, such as `has(user.id)`"]),
    ("has(user.x)", ["cel-unknown-name [user.x] unknown name `user.x` | did you mean `user.id`?"]),
    ("has(user.idd)", ["cel-unknown-name [user.idd] unknown name `user.idd` | did you mean `user.id`?"]),
    (
      "user.zzzzzz",
      [
        "cel-unknown-name [user.zzzzzz] unknown name `user.zzzzzz` | the names under `user` are `user.age`, `user.country` and `user.id`"
      ]
    ),
    ("User.Id", ["cel-unknown-name [User.Id] unknown name `User.Id` | did you mean `user.id`?"]),
    ("id == 'x'", ["cel-unknown-name [id] unknown name `id` | did you mean `device.id`?"]),
    ("True", ["cel-unknown-name [True] unknown name `True` | did you mean `true`?"]),
    (
      "BLOCKED",
      [
        "cel-unknown-name [BLOCKED] unknown name `BLOCKED` | a text is written in quotation marks: `\"BLOCKED\"`"
      ]
    ),
    (
      "foo.bar",
      [
        "cel-unknown-name [foo.bar] unknown name `foo.bar` | the names are `device.id`, `device.verdict`, `device.verdicts`, `event.time`, `payout.amount`, `user.age`, `user.country`, `user.id` and 9 more"
      ]
    ),
    ("tags.exists(tag, tga == 'x')", ["cel-unknown-name [tga] unknown name `tga` | did you mean `tag`?"]),
    ("size", ["cel-unknown-name [size] unknown name `size` | `size` is a function"]),
    ("now()", ["cel-unknown-function [now] unknown function `now`"]),
    ("lenght(tags)", ["cel-unknown-function [lenght] unknown function `lenght` | did you mean `size`?"]),
    ("tags.length()", ["cel-unknown-function [length] unknown function `length` | did you mean `size`?"]),
    ("user.id.toLower()", ["cel-unknown-function [toLower] unknown function `toLower`"]),
    (
      "user.id.startWith('a')",
      ["cel-unknown-function [startWith] unknown function `startWith` | did you mean `startsWith`?"]
    ),
    (
      "startsWith(user.id, 'a')",
      [
        "cel-call-style [startsWith(user.id, 'a')] `startsWith` is a method, not a function | write `user.id.startsWith('a')`"
      ]
    ),
    (
      "user.id.int()",
      ["cel-call-style [user.id.int()] `int` is a function, not a method | write `int(user.id)`"]
    ),
    (
      "tags.all()",
      ["cel-macro-arguments [all] `all` does not take 0 arguments | write `list.all(x, condition)`"]
    ),
    (
      "exists(tags, x)",
      [
        "cel-unknown-function [exists] unknown function `exists` | write `list.exists(x, condition)`",
        "cel-unknown-name [x] unknown name `x` | the names are `count`, `extra`, `headers`, `payouts_24h`, `raw`, `rooted`, `since_last_reward`, `tags` and 9 more",
      ]
    ),
    ("size()", ["cel-argument-count [size()] `size` takes 1 argument, not 0"]),
    ("size(tags, tags)", ["cel-argument-count [size(tags, tags)] `size` takes 1 argument, not 2"]),
    (
      "user.id.startsWith()",
      ["cel-argument-count [user.id.startsWith()] `startsWith` takes 1 argument, not 0"]
    ),
    (
      "user.id.startsWith('a', 'b')",
      ["cel-argument-count [user.id.startsWith('a', 'b')] `startsWith` takes 1 argument, not 2"]
    ),
    (
      "event.time.getHours('a', 'b')",
      ["cel-argument-count [event.time.getHours('a', 'b')] `getHours` takes 0 or 1 arguments, not 2"]
    ),
    ("size(1)", ["cel-no-overload [size(1)] `size` does not take `int`"]),
    (
      "payouts_24h + payout.amount",
      [
        "cel-no-overload [payouts_24h + payout.amount] `+` does not take `int` and `double` | convert with `double(payouts_24h)`"
      ]
    ),
    (
      "payout.amount * 2",
      ["cel-no-overload [payout.amount * 2] `*` does not take `double` and `int` | write `2.0`"]
    ),
    (
      "count + 1",
      ["cel-no-overload [count + 1] `+` does not take `uint` and `int` | convert with `int(count)`"]
    ),
    (
      "user.id + 1",
      ["cel-no-overload [user.id + 1] `+` does not take `string` and `int` | convert with `string(1)`"]
    ),
    (
      "user.id + payouts_24h",
      [
        "cel-no-overload [user.id + payouts_24h] `+` does not take `string` and `int` | convert with `string(payouts_24h)`"
      ]
    ),
    (
      "payouts_24h && rooted",
      [
        "cel-no-overload [payouts_24h] `&&` takes `bool`, and this is `int` | compare it with a number, such as `payouts_24h > 0`"
      ]
    ),
    (
      "rooted || user.id",
      [
        "cel-no-overload [user.id] `||` takes `bool`, and this is `string` | compare it with a text, such as `user.id == \"…\"`"
      ]
    ),
    (
      "!payouts_24h",
      [
        "cel-no-overload [payouts_24h] `!` takes `bool`, and this is `int` | compare it with a number, such as `payouts_24h > 0`"
      ]
    ),
    (
      "payouts_24h ? 1 : 2",
      [
        "cel-no-overload [payouts_24h] `?:` takes `bool`, and this is `int` | compare it with a number, such as `payouts_24h > 0`"
      ]
    ),
    (
      "rooted ? 1 : 'a'",
      [
        "cel-no-overload [rooted ? 1 : 'a'] the branches of `?:` are `int` and `string` | give both the same type"
      ]
    ),
    (
      "user.id > 5",
      [
        "cel-no-overload [user.id > 5] `>` does not take `string` and `int` | convert with `int(user.id)` or `double(user.id)` where the text is a number"
      ]
    ),
    (
      "event.time > '2024-01-01'",
      [
        "cel-no-overload [event.time > '2024-01-01'] `>` does not take `timestamp` and `string` | a moment is written `timestamp(\"2026-01-31T00:00:00Z\")`"
      ]
    ),
    (
      "event.time > 1700000000",
      [
        "cel-no-overload [event.time > 1700000000] `>` does not take `timestamp` and `int` | convert with `timestamp(1700000000)`"
      ]
    ),
    (
      "since_last_reward < 60",
      [
        "cel-no-overload [since_last_reward < 60] `<` does not take `duration` and `int` | a span of time is written `duration(\"24h\")`"
      ]
    ),
    (
      "event.time - 3600",
      [
        "cel-no-overload [event.time - 3600] `-` does not take `timestamp` and `int` | a span of time is written `duration(\"24h\")`"
      ]
    ),
    (
      "since_last_reward > '1h'",
      [
        "cel-no-overload [since_last_reward > '1h'] `>` does not take `duration` and `string` | a span of time is written `duration(\"24h\")`"
      ]
    ),
    ("-user.id", ["cel-no-overload [-user.id] `-` does not take `string`"]),
    ("-count", ["cel-no-overload [-count] `-` does not take `uint`"]),
    (
      "tags['a']",
      [
        "cel-no-overload [tags['a']] `[]` does not take `list(string)` and `string` | a list is read by number, such as `[0]`"
      ]
    ),
    (
      "headers[1]",
      [
        "cel-no-overload [headers[1]] `[]` does not take `map(string, string)` and `int` | the keys are `string`"
      ]
    ),
    (
      "payouts_24h.contains('a')",
      ["cel-no-overload [payouts_24h.contains('a')] `int` has no method `contains`"]
    ),
    ("user.id.contains(1)", ["cel-no-overload [user.id.contains(1)] `contains` does not take `int`"]),
    ("1.contains('a')", ["cel-no-overload [1.contains('a')] `int` has no method `contains`"]),
    ("user.id.foo", ["cel-no-such-field [foo] `user.id` is `string` and has no field `foo`"]),
    (
      "tags.size",
      ["cel-no-such-field [size] `tags` is `list(string)` and has no field `size` | write `tags.size()`"]
    ),
    (
      "tags.length",
      ["cel-no-such-field [length] `tags` is `list(string)` and has no field `length` | write `size(tags)`"]
    ),
    (
      "user.id.size",
      ["cel-no-such-field [size] `user.id` is `string` and has no field `size` | write `user.id.size()`"]
    ),
    (
      "event.time.getHours > 1",
      [
        "cel-no-such-field [getHours] `event.time` is `timestamp` and has no field `getHours` | write `event.time.getHours()`"
      ]
    ),
    (
      "headers.`content-type` == 1",
      ["cel-never-equal [headers.`content-type` == 1] `string` and `int` are never equal | write `\"1\"`"]
    ),
    ("extra.a.b.c == 1", []),
  ]

  @Test("Each mistake has its place, message and hint", arguments: cases)
  func finding(source: String, findings: [String]) {
    #expect(CheckEnvironment.findings(source) == findings)
  }

  static let conditions: [(source: String, findings: [String])] = [
    (
      "payouts_24h",
      [
        "cel-wrong-type [payouts_24h] this is `int`, but `bool` is needed | compare it with a number, such as `payouts_24h > 0`"
      ]
    ),
    (
      "user.id",
      [
        "cel-wrong-type [user.id] this is `string`, but `bool` is needed | compare it with a text, such as `user.id == \"…\"`"
      ]
    ),
    (
      "tags",
      [
        "cel-wrong-type [tags] this is `list(string)`, but `bool` is needed | compare its size, such as `size(tags) > 0`"
      ]
    ),
    (
      "payout.amount",
      [
        "cel-wrong-type [payout.amount] this is `double`, but `bool` is needed | compare it with a number, such as `payout.amount > 0.0`"
      ]
    ),
    (
      "since_last_reward",
      [
        "cel-wrong-type [since_last_reward] this is `duration`, but `bool` is needed | compare it with a span of time, such as `since_last_reward > duration(\"1h\")`"
      ]
    ),
    ("extra", []),
    ("event.time", ["cel-wrong-type [event.time] this is `timestamp`, but `bool` is needed"]),
    ("null", ["cel-wrong-type [null] this is `null`, but `bool` is needed"]),
    ("rooted", []),
    (
      "1 + 1",
      [
        "cel-wrong-type [1 + 1] this is `int`, but `bool` is needed | compare it with a number, such as `1 + 1 > 0`"
      ]
    ),
    (
      "device.verdict",
      [
        "cel-wrong-type [device.verdict] this is `enum`, but `bool` is needed | compare it with a text, such as `device.verdict == \"…\"`"
      ]
    ),
  ]

  @Test("A condition is a bool or dyn", arguments: conditions)
  func condition(source: String, findings: [String]) {
    #expect(CheckEnvironment.findings(source, expecting: .bool) == findings)
  }

  @Test("Every code is shown by a test")
  func codes() {
    let limits: Set<String> = ["cel-source-too-long", "cel-too-deep", "cel-too-many-nodes"]
    // Checking finds none of these; `RegularExpressionTests` and `CostTests` show them.
    let programs: Set<String> = [
      "cel-bad-pattern", "cel-no-regular-expressions", "cel-unknown-time-zone", "cel-too-costly",
    ]
    let shown =
      (Self.cases + CheckComparisonTests.cases + Self.conditions + ParseDiagnosticTests.cases
      + ExtensionTests.off + ExtensionTests.mistakes + CheckChainTests.decided).flatMap(\.findings).map {
        finding in
        let words = finding.split(separator: " ")
        return String(words[0] == "warning:" ? words[1] : words[0])
      }
    let codes = Set(ExpressionDiagnostic.Code.allCases.map(\.rawValue))
    #expect(Set(shown).union(limits).union(programs) == codes)
  }

  @Test("Findings are sorted by place and capped")
  func order() {
    let many = (0..<100).map { "unknown\($0)" }.reversed().joined(separator: " && ")
    do {
      _ = try CheckEnvironment.check(many)
      Issue.record("unknown names were accepted")
    } catch {
      #expect(error.all.count == 20)
      #expect(error.all.map(\.span.lowerBound) == error.all.map(\.span.lowerBound).sorted())
    }
  }
}
