extension DiagnosticHelp {
  /// Findings about conditions and other expressions.
  static let ofExpressions: [String: (title: String, remedy: String)] = [
    "cel-source-too-long": (
      "an expression with more text than is allowed",
      "split it, or put values into a named list"
    ),
    "cel-too-deep": (
      "an expression nested deeper than is allowed",
      "split it into several rules or features"
    ),
    "cel-too-many-nodes": (
      "an expression with more parts than is allowed",
      "split it into several rules or features"
    ),
    "cel-unexpected-character": (
      "a character that belongs to no expression",
      "see the hint"
    ),
    "cel-smart-quote": (
      "quotation marks of a word processor",
      #"write `"` or `'`"#
    ),
    "cel-unknown-operator": (
      "an operator of another language",
      "the operators are `== != < <= > >= && || ! ?: + - * / % in`"
    ),
    "cel-unterminated-string": (
      "text without its closing quotation mark",
      "close it"
    ),
    "cel-invalid-escape": (
      "an escape that does not exist",
      #"write a backslash as `\`"#
    ),
    "cel-invalid-number": (
      "a number that runs into letters or lacks digits",
      #"write spans of time as `duration("5m")`"#
    ),
    "cel-number-range": (
      "a number that its type cannot hold",
      "write a smaller one, or a double"
    ),
    "cel-invalid-quoted-name": (
      "a name in back-ticks that is none",
      "it takes letters, digits, `_`, `.`, `-`, `/` and blanks"
    ),
    "cel-empty-expression": (
      "nothing where an expression is needed",
      "write the condition"
    ),
    "cel-unexpected-token": (
      "something where something else is needed",
      "see the message"
    ),
    "cel-unexpected-end": (
      "the expression ends too early",
      "write the rest"
    ),
    "cel-unclosed-bracket": (
      "a bracket that is never closed",
      "close it"
    ),
    "cel-word-operator": (
      "an operator written as a word",
      "write `&&`, `||`, `!`"
    ),
    "cel-reserved-word": (
      "a reserved word used as a name",
      "choose another name"
    ),
    "cel-optional-syntax": (
      "optional fields, elements and indexes are turned off",
      "test with `has(a.b)`"
    ),
    "cel-has-argument": (
      "`has()` of something that is no field",
      "write `has(a.b)`"
    ),
    "cel-macro-variable": (
      "a macro's variable that is no plain name",
      "write a name such as `x`"
    ),
    "cel-macro-arguments": (
      "a macro with too few or too many arguments",
      "see how it is written in the hint"
    ),
    "cel-unknown-name": (
      "a name that is no field, feature or list",
      "correct its spelling, or declare it"
    ),
    "cel-incomplete-name": (
      "the beginning of a name used as a value",
      "write the whole name"
    ),
    "cel-unknown-function": (
      "a function that does not exist",
      "correct its spelling"
    ),
    "cel-call-style": (
      "a method called as a function, or the other way round",
      "see the hint"
    ),
    "cel-argument-count": (
      "a function with too few or too many arguments",
      "see the message"
    ),
    "cel-no-overload": (
      "an operator or a function that does not take values of these types",
      "convert one of them"
    ),
    "cel-no-such-field": (
      "a field of a value that has none",
      "correct the name"
    ),
    "cel-not-iterable": (
      "a macro over something that is no list and no map",
      "use a list"
    ),
    "cel-map-key-type": (
      "a map's key of a type that cannot be one",
      "keys are text, integers and booleans"
    ),
    "cel-duplicate-key": (
      "a key that stands twice in one map",
      "take one out"
    ),
    "cel-message-literal": (
      "a message literal, which there is none of",
      #"a map is written `{"key": value}`"#
    ),
    "cel-bad-duration": (
      "`duration()` of a text that is no span of time",
      #"the longest unit is the hour: `duration("36h")`"#
    ),
    "cel-bad-timestamp": (
      "`timestamp()` of a text that is no moment",
      "write RFC 3339"
    ),
    "cel-bad-address": (
      "a text that is no address",
      "write IPv4 or IPv6, with the number of bits where a range is needed"
    ),
    "cel-wrong-type": (
      "an expression of another type than its place needs",
      "a condition is true or false"
    ),
    "cel-never-equal": (
      "a comparison of values that are never equal",
      "compare values of one type"
    ),
    "cel-not-a-member": (
      "a text that is no member of the enumeration",
      "write one of its members"
    ),
    "cel-never-holds": (
      "a comparison that no value satisfies",
      "see what values there are"
    ),
    "cel-always-holds": (
      "a comparison that every value satisfies",
      "see what values there are"
    ),
    "cel-constant-comparison": (
      "two constants compared with each other",
      "compare a field or a feature"
    ),
    "cel-always-fails": (
      "an operation that fails whatever its operand is",
      "change the constant"
    ),
    "cel-duplicate-member": (
      "a member that stands twice in a list",
      "take one out"
    ),
    "cel-hidden-name": (
      "a macro's variable hides a name",
      "choose another name for the variable"
    ),
    "cel-bad-pattern": (
      "a pattern that is no regular expression",
      "see the syntax of RE2"
    ),
    "cel-no-regular-expressions": (
      "`matches` where regular expressions are turned off",
      "compare texts"
    ),
    "cel-unknown-time-zone": (
      "a time zone that does not exist",
      "write a name such as `Europe/Berlin`, or an offset"
    ),
    "cel-too-costly": (
      "an expression that may take more steps than is allowed",
      "go through fewer or shorter lists"
    ),
  ]
}
