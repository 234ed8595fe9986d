import CEL
import Testing

/// What is said about macros, maps and comparisons that mean nothing, and where.
@Suite("Checking: macros and comparisons")
struct CheckComparisonTests {
  static let cases: [(source: String, findings: [String])] = [
    (
      "payouts_24h.all(x, x > 1)",
      ["cel-not-iterable [payouts_24h] `payouts_24h` is `int`, neither list nor map"]
    ),
    (
      "tags.exists(x, x)",
      [
        "cel-no-overload [x] the condition of a macro takes `bool`, and this is `string` | compare it with a text, such as `x == \"…\"`"
      ]
    ),
    (
      "tags.all(x, size(x))",
      [
        "cel-no-overload [size(x)] the condition of a macro takes `bool`, and this is `int` | compare it with a number, such as `size(x) > 0`"
      ]
    ),
    (
      "tags.filter(x, x)",
      [
        "cel-no-overload [x] the condition of a macro takes `bool`, and this is `string` | compare it with a text, such as `x == \"…\"`"
      ]
    ),
    (
      "tags.map(x, x, x)",
      [
        "cel-no-overload [x] the condition of a macro takes `bool`, and this is `string` | compare it with a text, such as `x == \"…\"`"
      ]
    ),
    (
      "tags.exists_one(x, 1)",
      [
        "cel-no-overload [1] the condition of a macro takes `bool`, and this is `int` | compare it with a number, such as `1 > 0`"
      ]
    ),
    (
      "{1.5: 1}",
      ["cel-map-key-type [1.5] a map's key cannot be `double` | keys are `string`, `int`, `uint` or `bool`"]
    ),
    ("{'a': 1, 'a': 2}", ["cel-duplicate-key ['a'] the key `'a'` occurs twice"]),
    ("{1: 1, 1u: 2}", ["cel-duplicate-key [1u] the key `1u` occurs twice"]),
    (
      "{event.time: 1}",
      [
        "cel-map-key-type [event.time] a map's key cannot be `timestamp` | keys are `string`, `int`, `uint` or `bool`"
      ]
    ),
    (
      "Foo{a: 1}",
      [
        "cel-message-literal [Foo{a: 1}] there are no message types, so `Foo{…}` means nothing | a map is written `{\"key\": value}`"
      ]
    ),
    ("user.id == 5", ["cel-never-equal [user.id == 5] `string` and `int` are never equal | write `\"5\"`"]),
    (
      "payouts_24h == '5'",
      ["cel-never-equal [payouts_24h == '5'] `int` and `string` are never equal | write `5`"]
    ),
    (
      "user.id == payouts_24h",
      [
        "cel-never-equal [user.id == payouts_24h] `string` and `int` are never equal | convert with `string(payouts_24h)`"
      ]
    ),
    (
      "event.time == '2024'",
      [
        "cel-never-equal [event.time == '2024'] `timestamp` and `string` are never equal | a moment is written `timestamp(\"2026-01-31T00:00:00Z\")`"
      ]
    ),
    (
      "rooted == 'true'",
      [
        "cel-never-equal [rooted == 'true'] `bool` and `string` are never equal | write `rooted`"
      ]
    ),
    (
      "user.id == null",
      [
        "cel-never-equal [user.id == null] `string` and `null` are never equal | test whether a field is there with `has(user.id)`"
      ]
    ),
    ("tags == user.id", ["cel-never-equal [tags == user.id] `list(string)` and `string` are never equal"]),
    ("[1] == ['a']", ["cel-never-equal [[1] == ['a']] `list(int)` and `list(string)` are never equal"]),
    ("5 in tags", ["cel-never-equal [5 in tags] `int` and `string` are never equal"]),
    (
      "'a' in user.id",
      [
        "cel-no-overload ['a' in user.id] `in` does not take `string` and `string` | write `user.id.contains('a')`"
      ]
    ),
    (
      "1 in 2",
      [
        "cel-no-overload [1 in 2] `in` does not take `int` and `int` | `in` needs a list or a map on its right"
      ]
    ),
    ("payouts_24h in ['a']", ["cel-never-equal [payouts_24h in ['a']] `int` and `string` are never equal"]),
    (
      "device.verdict == 'MEETS_DEVICE_INTEGRTY'",
      [
        "cel-not-a-member ['MEETS_DEVICE_INTEGRTY'] `MEETS_DEVICE_INTEGRTY` is not a member of `device.verdict` | did you mean `MEETS_DEVICE_INTEGRITY`?"
      ]
    ),
    (
      "device.verdict != 'X'",
      [
        "cel-not-a-member ['X'] `X` is not a member of `device.verdict` | the members are `MEETS_BASIC_INTEGRITY`, `MEETS_DEVICE_INTEGRITY` and `MEETS_STRONG_INTEGRITY`"
      ]
    ),
    (
      "'MEETS_BASIC' in device.verdicts",
      [
        "cel-not-a-member ['MEETS_BASIC'] `MEETS_BASIC` is not a member of `device.verdicts` | the members are `MEETS_BASIC_INTEGRITY`, `MEETS_DEVICE_INTEGRITY` and `MEETS_STRONG_INTEGRITY`"
      ]
    ),
    (
      "device.verdict in ['MEETS_BASIC_INTEGRITY', 'FOO']",
      [
        "cel-not-a-member ['FOO'] `FOO` is not a member of `device.verdict` | the members are `MEETS_BASIC_INTEGRITY`, `MEETS_DEVICE_INTEGRITY` and `MEETS_STRONG_INTEGRITY`"
      ]
    ),
    (
      "device.verdicts.exists(v, v == 'NOPE')",
      [
        "cel-not-a-member ['NOPE'] `NOPE` is not a member of `v` | the members are `MEETS_BASIC_INTEGRITY`, `MEETS_DEVICE_INTEGRITY` and `MEETS_STRONG_INTEGRITY`"
      ]
    ),
    (
      "event.time.getHours() > 23",
      [
        "cel-never-holds [event.time.getHours() > 23] `event.time.getHours() > 23` never holds | `getHours` gives 0 to 23"
      ]
    ),
    (
      "event.time.getMonth() == 12",
      [
        "cel-never-holds [event.time.getMonth() == 12] `event.time.getMonth() == 12` never holds | `getMonth` gives 0 to 11, January is 0"
      ]
    ),
    (
      "event.time.getDayOfWeek() == 7",
      [
        "cel-never-holds [event.time.getDayOfWeek() == 7] `event.time.getDayOfWeek() == 7` never holds | `getDayOfWeek` gives 0 to 6, Sunday is 0"
      ]
    ),
    (
      "size(tags) < 0",
      ["cel-never-holds [size(tags) < 0] `size(tags) < 0` never holds | a size is at least 0"]
    ),
    (
      "size(tags) >= 0",
      ["warning: cel-always-holds [size(tags) >= 0] `size(tags) >= 0` always holds | a size is at least 0"]
    ),
    (
      "tags.size() == -1",
      ["cel-never-holds [tags.size() == -1] `tags.size() == -1` never holds | a size is at least 0"]
    ),
    (
      "0 > size(tags)",
      ["cel-never-holds [0 > size(tags)] `0 > size(tags)` never holds | a size is at least 0"]
    ),
    (
      "count < 0u",
      ["cel-never-holds [count < 0u] `count < 0u` never holds | `count` is a uint and at least 0"]
    ),
    (
      "count >= 0",
      ["warning: cel-always-holds [count >= 0] `count >= 0` always holds | `count` is a uint and at least 0"]
    ),
    (
      "payouts_24h == 2.5",
      [
        "cel-never-holds [payouts_24h == 2.5] `payouts_24h == 2.5` never holds | `payouts_24h` is a whole number"
      ]
    ),
    (
      "2.5 != payouts_24h",
      [
        "warning: cel-always-holds [2.5 != payouts_24h] `2.5 != payouts_24h` always holds | `payouts_24h` is a whole number"
      ]
    ),
    ("1 == 1", ["warning: cel-constant-comparison [1 == 1] both sides of `==` are constant"]),
    ("1 < 2 && rooted", ["warning: cel-constant-comparison [1 < 2] both sides of `<` are constant"]),
    ("'a' == 'b'", ["warning: cel-constant-comparison ['a' == 'b'] both sides of `==` are constant"]),
    (
      "tags.exists(user, user == 'x')",
      [
        "warning: cel-hidden-name [tags.exists(user, user == 'x')] the variable `user` hides a declared name | choose another name for the variable"
      ]
    ),
    (
      "tags.exists(rooted, rooted == 'x')",
      [
        "warning: cel-hidden-name [tags.exists(rooted, rooted == 'x')] the variable `rooted` hides a declared name | choose another name for the variable"
      ]
    ),
    (
      "payouts_24h > 3 && usr.id == 'x' || user.id == 4",
      [
        "cel-unknown-name [usr.id] unknown name `usr.id` | did you mean `user.id`?",
        "cel-never-equal [user.id == 4] `string` and `int` are never equal | write `\"4\"`",
      ]
    ),
    ("user.id in trusted_partners", []),
    (
      "trusted_partners.exists(p, p == 3)",
      ["cel-never-equal [p == 3] `string` and `int` are never equal | write `\"3\"`"]
    ),
    ("payouts_24h == 1.0", []),
    ("type(1) == int", []),
    ("int == 'int'", ["cel-never-equal [int == 'int'] `type` and `string` are never equal"]),
    ("user.id < device.verdict", []),
    (
      "since_last_reward > duration('7d')",
      [
        "cel-bad-duration ['7d'] `7d` is no span of time | write `duration(\"168h\")`; the longest unit is the hour"
      ]
    ),
    (
      "duration('1 hour')",
      [
        "cel-bad-duration ['1 hour'] `1 hour` is no span of time | write numbers with the units `h`, `m`, `s`, `ms`, `us` or `ns`, such as `1h30m`"
      ]
    ),
    (
      "event.time > timestamp('2026-01-31')",
      [
        "cel-bad-timestamp ['2026-01-31'] `2026-01-31` is no moment | write `timestamp(\"2026-01-31T00:00:00Z\")`"
      ]
    ),
    (
      "timestamp('2026-01-31 10:00:00')",
      [
        "cel-bad-timestamp ['2026-01-31 10:00:00'] `2026-01-31 10:00:00` is no moment | write `timestamp(\"2026-01-31T10:00:00Z\")`"
      ]
    ),
    (
      "timestamp('yesterday')",
      [
        "cel-bad-timestamp ['yesterday'] `yesterday` is no moment | write date, time and offset, such as `2026-01-31T23:59:59Z`, from year 1 to 9999"
      ]
    ),
    ("duration('1h30m') < duration(user.id)", []),
  ]

  @Test("Each mistake has its place, message and hint", arguments: cases)
  func finding(source: String, findings: [String]) {
    #expect(CheckEnvironment.findings(source) == findings)
  }
}
