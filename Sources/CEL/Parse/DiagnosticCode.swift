extension ExpressionDiagnostic {
  /// Every code that parsing, checking and preparing an expression can give. The raw values are stable: golden texts, editors
  /// and suppressions name them.
  public enum Code: String, CaseIterable, Sendable, Hashable {
    // Limits.

    /// More bytes of source than `Limits.sourceBytesMax`.
    case sourceTooLong = "cel-source-too-long"
    /// Nested deeper than `Limits.depthMax`.
    case tooDeep = "cel-too-deep"
    /// More nodes than `Limits.nodesMax`.
    case tooManyNodes = "cel-too-many-nodes"

    // Text that is no token.

    /// A character that no token begins with.
    case unexpectedCharacter = "cel-unexpected-character"
    /// Quotation marks of a word processor.
    case smartQuote = "cel-smart-quote"
    /// An operator of some other language: `=`, `===`, `&`, `|`, `<>`.
    case unknownOperator = "cel-unknown-operator"
    /// Text or bytes without a closing quotation mark.
    case unterminatedString = "cel-unterminated-string"
    /// An escape sequence that does not exist or names no character.
    case invalidEscape = "cel-invalid-escape"
    /// A number that runs into letters or lacks digits.
    case invalidNumber = "cel-invalid-number"
    /// A number that its type cannot hold.
    case numberRange = "cel-number-range"
    /// A name in back-ticks that is empty, not closed or holds other characters than letters, digits and `_.-/ `.
    case invalidQuotedName = "cel-invalid-quoted-name"

    // Tokens that are no expression.

    /// Nothing but blanks and comments.
    case emptyExpression = "cel-empty-expression"
    /// A token where another one is needed.
    case unexpectedToken = "cel-unexpected-token"
    /// The source ends where more is needed.
    case unexpectedEnd = "cel-unexpected-end"
    /// A bracket that is never closed.
    case unclosedBracket = "cel-unclosed-bracket"
    /// An operator written as a word: `and`, `or`, `not`.
    case wordOperator = "cel-word-operator"
    /// A reserved word where a name is needed.
    case reservedWord = "cel-reserved-word"
    /// The optional syntax `.?`, `[?` or `{?` where `Extensions.optionals` is off.
    case optionalSyntax = "cel-optional-syntax"
    /// `has()` of something that is no field selection.
    case hasArgument = "cel-has-argument"
    /// A macro's variable that is no plain name.
    case macroVariable = "cel-macro-variable"
    /// A macro with too few or too many arguments.
    case macroArguments = "cel-macro-arguments"

    // Names and types.

    /// A name that is not declared.
    case unknownName = "cel-unknown-name"
    /// The beginning of declared names, `user` of `user.id`, used as if it were a value.
    case incompleteName = "cel-incomplete-name"
    /// A function that does not exist.
    case unknownFunction = "cel-unknown-function"
    /// A function called with its value as an argument, or the other way round.
    case callStyle = "cel-call-style"
    /// A function with too few or too many arguments.
    case argumentCount = "cel-argument-count"
    /// An operator or function that does not take values of these types.
    case noOverload = "cel-no-overload"
    /// A field of a value that has none.
    case noSuchField = "cel-no-such-field"
    /// A macro over something that is neither list nor map.
    case notIterable = "cel-not-iterable"
    /// A map key of a type that cannot be one.
    case mapKeyType = "cel-map-key-type"
    /// The same literal key twice in one map.
    case duplicateKey = "cel-duplicate-key"
    /// A message literal; there are no message types.
    case messageLiteral = "cel-message-literal"
    /// `duration()` of a text that is none.
    case badDuration = "cel-bad-duration"
    /// `timestamp()` of a text that is none.
    case badTimestamp = "cel-bad-timestamp"
    /// A text that is no address or range of addresses where one is needed.
    case badAddress = "cel-bad-address"
    /// The whole has another type than its place needs.
    case wrongType = "cel-wrong-type"

    // Comparisons that do not compare.

    /// Values of types that are never equal.
    case neverEqual = "cel-never-equal"
    /// A text that is no member of the enumeration it is compared with.
    case notAMember = "cel-not-a-member"
    /// A comparison that no value can satisfy.
    case neverHolds = "cel-never-holds"
    /// A comparison that every value satisfies; a warning.
    case alwaysHolds = "cel-always-holds"
    /// Two literals compared with each other; a warning.
    case constantComparison = "cel-constant-comparison"
    /// An operation that fails whatever its operand is; a warning.
    case alwaysFails = "cel-always-fails"
    /// A member that stands twice in the list of an `in`; a warning.
    case duplicateMember = "cel-duplicate-member"
    /// A macro's variable that hides a declared name; a warning.
    case hiddenName = "cel-hidden-name"

    // What only shows when a program is made.

    /// A constant pattern of `matches` that is no regular expression.
    case badPattern = "cel-bad-pattern"
    /// `matches` in an environment without regular expressions.
    case noRegularExpressions = "cel-no-regular-expressions"
    /// A constant time zone that does not exist.
    case unknownTimeZone = "cel-unknown-time-zone"
    /// More steps than `Limits.stepsBoundMax`, or without a bound where one is asked for.
    case tooCostly = "cel-too-costly"
  }

  /// A finding of this module.
  init(_ code: Code, severity: Severity = .error, _ span: Range<Int>, _ message: String, hint: String? = nil)
  {
    self.init(code: code.rawValue, severity: severity, span: span, message: message, hint: hint)
  }
}

extension ExpressionDiagnostics {
  /// A single error of this module.
  ///
  /// The parser throws this and not the diagnostic itself: a typed error is returned in place, and one that is a single
  /// word keeps the frames of the recursive descent small.
  init(_ code: ExpressionDiagnostic.Code, _ span: Range<Int>, _ message: String, hint: String? = nil) {
    self.init([ExpressionDiagnostic(code, span, message, hint: hint)])
  }
}
