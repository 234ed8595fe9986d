/// What a rule set may ask of us at most; each limit has a diagnostic of its own.
package enum RuleSetLimits {
  /// Files of a rule set, its tests and lists included.
  package static let filesMax = 1_000
  /// Bytes of all files together: 256 MiB.
  package static let bytesMax = 268_435_456
  /// Bytes of one list's file: 64 MiB.
  package static let listFileBytesMax = 67_108_864
  /// Rules of a rule set.
  package static let rulesMax = 10_000
  /// Features of a rule set.
  package static let featuresMax = 1_000
  /// Fields of a schema.
  package static let fieldsMax = 1_000
  /// Event types of a schema.
  package static let typesMax = 256
  /// Lists of a rule set.
  package static let listsMax = 1_000
  /// Items of one list.
  package static let listItemsMax = 1_000_000
  /// UTF-8 bytes of one list's item.
  package static let listItemBytesMax = 4_096
  /// UTF-8 bytes of the name of a rule, a rule set, a feature, a list, a type.
  package static let nameBytesMax = 64
  /// UTF-8 bytes of a field's path.
  package static let pathBytesMax = 256
  /// Segments of a field's path.
  package static let pathSegmentsMax = 16
  /// UTF-8 bytes of a title.
  package static let titleBytesMax = 200
  /// UTF-8 bytes of a reason or a description.
  package static let textBytesMax = 4_096
  /// Fields of one key.
  package static let keyFieldsMax = 8
  /// The longest window, its delay and the lateness: 3 years of 366 days.
  package static let spanMillisecondsMax: Int64 = 3 * 366 * 86_400_000
  /// What a feature's `limit` and `last` may be.
  package static let recordsMax = 65_536
  /// Into how many panes a window may be divided.
  package static let panes = 2...1_024
  /// The span over which a breaker takes its share: a day.
  package static let breakerMillisecondsMax: Int64 = 86_400_000
  /// How many decisions a breaker may wait for.
  package static let breakerDecisionsMax = 1_000_000
  /// What a rule may add to the score.
  package static let scoreMax = 1_000
  /// What a threshold may be.
  package static let thresholdMax = 1_000_000
  /// Suppressions, tags, references of one rule; members of one enumeration.
  package static let listedMax = 1_000
  /// The bound on the steps of an expression, unless `max_expression_steps` says otherwise: what goes once through every
  /// pair of elements of two lists passes, what goes through every triple does not.
  package static let expressionSteps = 5_000_000_000
  /// What `max_expression_steps` may be.
  package static let expressionStepsMax = 1_000_000_000_000
  /// Tests of a rule set.
  package static let testsMax = 10_000
  /// How often something may be expected over a stream.
  package static let streamCountMax = 1_000_000_000_000
  /// Events of one test, repetitions included.
  package static let testEventsMax = 20_000
}
