extension DiagnosticHelp {
  /// Findings about what the files of a rule set say.
  static let ofRuleSets: [String: (title: String, remedy: String)] = [
    "folder-missing": (
      "there is no folder of that name",
      "name the folder that holds `ruleset.yaml`"
    ),
    "folder-not-a-folder": (
      "a file stands where a folder is needed",
      "name the folder that the file is in"
    ),
    "folder-unreadable": (
      "the folder cannot be listed",
      "see who may read it"
    ),
    "folder-empty": (
      "the folder holds nothing",
      "a rule set begins with `ruleset.yaml` and `schema.yaml`; `assay new ruleset` writes one"
    ),
    "file-missing": (
      "a file that the rule set needs is not there",
      "create it or correct its name"
    ),
    "file-unreadable": (
      "a file cannot be read",
      "see who may read it, and that it is a regular file"
    ),
    "file-outside": (
      "a path or a link leads out of the rule set's folder",
      "a rule set is one folder: copy the file into it"
    ),
    "file-too-large": (
      "a file is larger than a rule set may have",
      "split it"
    ),
    "file-not-text": (
      "a list's file is not text",
      "save it as UTF-8, one value a line"
    ),
    "too-many-files": (
      "the rule set has too many files",
      "put rules together"
    ),
    "unexpected-file": (
      "nothing reads this file or folder",
      "rules belong into `rules/`, tests into `tests/`, both as `.yaml`"
    ),
    "no-rules": (
      "the rule set has no rules",
      "without rules every event would be allowed"
    ),
    "unknown-key": (
      "a key that is not known here",
      "keys are spelled as the reference has them; an unknown one would do nothing"
    ),
    "missing-key": (
      "a key that must be there is not",
      "add it"
    ),
    "conflicting-keys": (
      "one key contradicts another",
      "keep the one that is meant"
    ),
    "wrong-type": (
      "a value of another kind than its place needs",
      "text that looks like a number needs quotes; lists stand in brackets"
    ),
    "unknown-choice": (
      "a word that is none of those allowed",
      "write one of them"
    ),
    "empty-text": (
      "a text without any characters",
      "write it, or take its key out"
    ),
    "text-too-long": (
      "a text longer than its place allows",
      "shorten it"
    ),
    "out-of-range": (
      "a number or a span of time outside of what is allowed",
      "choose one within the bounds"
    ),
    "bad-duration": (
      "a text that is no span of time",
      "write a number and a unit, such as `30s`, `10m`, `24h` or `7d`"
    ),
    "bad-moment": (
      "a text that is no moment",
      "write RFC 3339, such as `2026-05-01T10:00:00Z`"
    ),
    "bad-name": (
      "a name with characters that names do not have",
      "conditions and keys must be able to spell it"
    ),
    "reserved-name": (
      "a name that has a meaning of its own",
      "choose another"
    ),
    "duplicate-name": (
      "a name that is given twice",
      "choose another for one of them"
    ),
    "name-clash": (
      "two things of different kinds share a name",
      "fields, features and lists share one space of names: rename one"
    ),
    "too-many": (
      "more of something than a rule set may have",
      "see the limit in the message"
    ),
    "unknown-event-type": (
      "an event type that the schema does not list",
      "add it to `types` in `schema.yaml`, or correct its spelling"
    ),
    "unknown-field": (
      "a field that the schema does not declare",
      "declare it in `schema.yaml`, or correct its spelling"
    ),
    "field-kind": (
      "a field of a kind that cannot be used here",
      "use a field of another kind"
    ),
    "sensitive-not-text": (
      "a sensitive field that is no text",
      "only text and addresses can be kept as keyed hashes"
    ),
    "sensitive-identity": (
      "the event's identity is declared sensitive",
      "ids, types and times must be readable: declare another field"
    ),
    "list-item": (
      "an item of another type than the list's",
      "the items of a list have one type"
    ),
    "list-duplicate": (
      "an item stands twice in a list",
      "take one out"
    ),
    "unknown-list": (
      "a list that `lists.yaml` does not have",
      "correct its name"
    ),
    "unused-list": (
      "a list that nothing reads",
      "use it or take it out"
    ),
    "no-aggregation": (
      "a feature that computes nothing",
      "name an aggregation, such as `count: payout.requested`"
    ),
    "no-window": (
      "a feature without a window",
      "say how far it reaches: `over: 24h`, or `last: 20`"
    ),
    "aggregation-type": (
      "an aggregation that does not take values of this type",
      "choose another aggregation or another value"
    ),
    "empty-type": (
      "a value for the empty window that is of another type than the feature",
      "give one of the feature's type"
    ),
    "mixed-currencies": (
      "amounts of different currencies in one comparison",
      "an amount is only comparable within its currency"
    ),
    "sensitive-expression": (
      "an expression that reads a sensitive field",
      "only conditions and `has()` may"
    ),
    "not-an-event-name": (
      "an expression over the event names something else",
      "features see the event's fields and named lists only"
    ),
    "hash-collision": (
      "two names whose hashes are the same",
      "rename one of them"
    ),
    "unused-feature": (
      "a feature that no rule reads",
      "use it, take it out, or say `export: true`"
    ),
    "duplicate-rule": (
      "two rules with one id",
      "ids are unique in a rule set: rename one"
    ),
    "no-effect": (
      "a rule that does nothing when it fires",
      "give it `score` or `decide`"
    ),
    "above-limit": (
      "a comparison with a number that the feature cannot reach",
      "raise the feature's `limit` or lower the number"
    ),
    "sensitive-comparison": (
      "a sensitive value compared with text",
      "it is known as a hash only: compare it with another such feature"
    ),
    "minor-units": (
      "an amount of money compared with a number that has decimal places",
      "amounts are whole numbers of minor units: write `1500` for 15.00"
    ),
    "bad-template": (
      "braces in a reason that do not match",
      "a value is written `{name}`, a brace `{{` or `}}`"
    ),
    "unknown-template-name": (
      "a reason names something that is no field and no feature",
      "correct the name"
    ),
    "unsaid-missing": (
      "a caller could silence the rule by leaving out a field",
      "say what then: `on_missing: skip`, `review` or `block`"
    ),
    "repeated-condition": (
      "two rules with the same condition",
      "merge them, or take one out"
    ),
    "constant-condition": (
      "a condition that reads no event",
      "compare a field or a feature"
    ),
    "dead-suppression": (
      "a suppression that has no effect any more",
      "take it out"
    ),
    "unknown-rule": (
      "a rule that does not exist",
      "correct its id"
    ),
    "unknown-feature": (
      "a feature that does not exist",
      "correct its name"
    ),
    "test-member": (
      "a member of a test's event that cannot be written",
      "give members by their full paths"
    ),
    "unlisted-member": (
      "a text in a test's event that is no member of its enumeration",
      "correct the spelling, or say `unknown_members: true` where the test means it"
    ),
    "unknown-member": (
      "a member of a test's event that nothing reads",
      "correct its path, or declare the field in `schema.yaml`"
    ),
    "repeated-test-name": (
      "two tests with one name",
      "name each by what it shows"
    ),
  ]
}
