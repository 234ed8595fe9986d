/// Every code that loading a rule set can give, beside those of YAML (`yaml-…`) and of expressions (`cel-…`). The raw
/// values are stable: golden texts, editors and suppressions name them.
package enum RuleSetCode: String, CaseIterable, Sendable {
  /// The folder is not there, is no folder, cannot be listed, or holds nothing.
  case folderMissing = "folder-missing"
  case folderNotAFolder = "folder-not-a-folder"
  case folderUnreadable = "folder-unreadable"
  case folderEmpty = "folder-empty"
  /// A file that a rule set needs is not there.
  case fileMissing = "file-missing"
  case fileUnreadable = "file-unreadable"
  /// A link or a path that leads out of the folder.
  case fileOutside = "file-outside"
  case fileTooLarge = "file-too-large"
  case fileNotText = "file-not-text"
  case tooManyFiles = "too-many-files"
  /// A file or folder that nothing reads; a warning.
  case unexpectedFile = "unexpected-file"
  case noRules = "no-rules"

  /// A key that is not known here, or needed and not there.
  case unknownKey = "unknown-key"
  case missingKey = "missing-key"
  /// Keys of which one says what the other contradicts.
  case conflictingKeys = "conflicting-keys"
  /// A list where a number is needed, and the like.
  case wrongType = "wrong-type"
  /// A word that is none of those allowed.
  case unknownChoice = "unknown-choice"
  case emptyText = "empty-text"
  case textTooLong = "text-too-long"
  case outOfRange = "out-of-range"
  case badDuration = "bad-duration"
  case badMoment = "bad-moment"
  case badName = "bad-name"
  case reservedName = "reserved-name"
  case duplicateName = "duplicate-name"
  case nameClash = "name-clash"
  case tooMany = "too-many"

  /// A name that the schema does not declare.
  case unknownEventType = "unknown-event-type"
  case unknownField = "unknown-field"
  case fieldKind = "field-kind"
  case sensitiveNotText = "sensitive-not-text"
  case sensitiveIdentity = "sensitive-identity"

  case listItem = "list-item"
  /// A warning.
  case listDuplicate = "list-duplicate"
  /// A warning.
  case unusedList = "unused-list"

  case noAggregation = "no-aggregation"
  case noWindow = "no-window"
  case aggregationType = "aggregation-type"
  case emptyType = "empty-type"
  case mixedCurrencies = "mixed-currencies"
  case sensitiveExpression = "sensitive-expression"
  case notAnEventName = "not-an-event-name"
  case hashCollision = "hash-collision"
  /// A warning.
  case unusedFeature = "unused-feature"

  case duplicateRule = "duplicate-rule"
  case noEffect = "no-effect"
  case aboveLimit = "above-limit"
  case sensitiveComparison = "sensitive-comparison"
  /// An amount of money compared with a number that has decimal places.
  case minorUnits = "minor-units"
  case badTemplate = "bad-template"
  case unknownTemplateName = "unknown-template-name"
  /// Warnings.
  case unsaidMissing = "unsaid-missing"
  case repeatedCondition = "repeated-condition"
  case constantCondition = "constant-condition"
  case deadSuppression = "dead-suppression"

  case unknownRule = "unknown-rule"
  case unknownFeature = "unknown-feature"
  case unknownList = "unknown-list"
  case testMember = "test-member"
  /// Text in a test's event that its enumeration does not have; a warning where it resembles no member.
  case unlistedMember = "unlisted-member"
  /// Warnings.
  case unknownMember = "unknown-member"
  case repeatedTestName = "repeated-test-name"
}
