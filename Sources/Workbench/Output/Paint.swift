/// Attributes of text on a terminal; without colour the text stays as it is.
package struct Paint: Sendable {
  /// Whether it colours.
  package let isOn: Bool

  /// What a text stands out for.
  package enum Style: String, Sendable {
    case good = "32"
    case caution = "1;33"
    case bad = "1;31"
    case strong = "1"
    case faint = "2"
  }

  /// Colours only where `color` says so.
  package init(color: Bool) { isOn = color }

  /// The text in the style, or as it is.
  package func callAsFunction(_ text: String, _ style: Style) -> String {
    isOn ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}
