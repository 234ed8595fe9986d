/// What is known of one event in truth: honest, of some kind of fraud, or unknown.
package struct Label: Hashable, Sendable, BitwiseCopyable {
  /// 0 honest, 1 unknown, from 2 on a kind of fraud.
  let number: UInt16

  /// Nothing wrong with it.
  package static let honest = Label(number: 0)
  /// Nobody said; left out of every rate.
  package static let unknown = Label(number: 1)

  /// A fraud of the kind that stands at `kind` in `Labels.kinds`.
  package static func fraud(kind: Int) -> Label { Label(number: UInt16(clamping: kind + 2)) }

  /// The three classes that rates are made of.
  package enum Truth: Int, Sendable, CaseIterable {
    case honest, fraud, unknown
  }

  /// The class of the label.
  package var truth: Truth {
    switch number {
    case 0: .honest
    case 1: .unknown
    default: .fraud
    }
  }

  /// Index into `Labels.kinds`; nil for what is no fraud.
  package var kind: Int? { number < 2 ? nil : Int(number) - 2 }
}

/// The words of label files, which many systems write.
enum LabelWord: Equatable {
  case honest
  case unknown
  /// A fraud, of the kind that the word names.
  case fraud(String)

  /// The kind of a fraud that has no name.
  static let plainFraud = "fraud"

  private static let honestWords: Set = [
    "false", "0", "0.0", "no", "n", "honest", "legit", "legitimate", "genuine", "good", "none",
  ]
  private static let fraudWords: Set = ["true", "1", "1.0", "yes", "y", "fraud"]
  private static let unknownWords: Set = ["", "unknown", "null", "?"]

  /// Any other word is the name of a kind of fraud.
  init(_ word: String) {
    let plain = word.lowercased()
    if Self.honestWords.contains(plain) {
      self = .honest
    } else if Self.fraudWords.contains(plain) {
      self = .fraud(Self.plainFraud)
    } else if Self.unknownWords.contains(plain) {
      self = .unknown
    } else {
      self = .fraud(word)
    }
  }
}
