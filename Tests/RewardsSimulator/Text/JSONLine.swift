/// One event as it grows: JSON, byte by byte.
///
/// Texts are written as they are: the simulator makes none that would need an escape.
struct JSONLine {
  private(set) var bytes: [UInt8] = []
  /// Nothing stands before the next member of the object that is open.
  private var isAtStart = true

  init(capacity: Int) {
    bytes.reserveCapacity(capacity)
    bytes.append(UInt8(ascii: "{"))
  }

  /// Closes the event.
  consuming func finish() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }

  mutating func open(_ name: StaticString) {
    key(name)
    bytes.append(UInt8(ascii: "{"))
    isAtStart = true
  }

  mutating func close() {
    bytes.append(UInt8(ascii: "}"))
    isAtStart = false
  }

  mutating func text(_ name: StaticString, _ value: String) {
    key(name)
    quote(value)
  }

  /// A text of two parts, such as a source and the number it gave.
  mutating func text(_ name: StaticString, _ prefix: StaticString, _ value: String) {
    key(name)
    bytes.append(UInt8(ascii: "\""))
    raw(prefix)
    bytes.append(contentsOf: value.utf8)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func word(_ name: StaticString, _ value: StaticString) {
    key(name)
    quote(value)
  }

  mutating func words(_ name: StaticString, _ values: [StaticString]) {
    key(name)
    bytes.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      quote(value)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  mutating func int(_ name: StaticString, _ value: Int) {
    key(name)
    digits(value, width: 1)
  }

  /// A number that its vendor sends as text.
  mutating func intText(_ name: StaticString, _ value: Int64) {
    key(name)
    bytes.append(UInt8(ascii: "\""))
    digits(Int(value), width: 1)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func bool(_ name: StaticString, _ value: Bool) {
    key(name)
    raw(value ? "true" : "false")
  }

  /// RFC 3339 in UTC, with milliseconds where there are any.
  mutating func time(_ name: StaticString, _ milliseconds: Int64) {
    key(name)
    let number = Time.dayNumber(milliseconds)
    let date = Time.civilDate(ofDay: number)
    let rest = Int(milliseconds - number * Time.day)
    bytes.append(UInt8(ascii: "\""))
    digits(date.year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    digits(date.month, width: 2)
    bytes.append(UInt8(ascii: "-"))
    digits(date.day, width: 2)
    bytes.append(UInt8(ascii: "T"))
    digits(rest / 3_600_000, width: 2)
    bytes.append(UInt8(ascii: ":"))
    digits(rest / 60_000 % 60, width: 2)
    bytes.append(UInt8(ascii: ":"))
    digits(rest / 1_000 % 60, width: 2)
    if rest % 1_000 > 0 {
      bytes.append(UInt8(ascii: "."))
      digits(rest % 1_000, width: 3)
    }
    raw("Z\"")
  }

  /// The year and month, as DeviceCheck dates its bits.
  mutating func month(_ name: StaticString, _ milliseconds: Int64) {
    key(name)
    let date = Time.civilDate(ofDay: Time.dayNumber(milliseconds))
    bytes.append(UInt8(ascii: "\""))
    digits(date.year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    digits(date.month, width: 2)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func key(_ name: StaticString) {
    if !isAtStart { bytes.append(UInt8(ascii: ",")) }
    isAtStart = false
    quote(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func quote(_ value: StaticString) {
    bytes.append(UInt8(ascii: "\""))
    raw(value)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func quote(_ value: String) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: value.utf8)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func digits(_ value: Int, width: Int) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    var text: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &text) { buffer in
      var place = buffer.count
      repeat {
        place -= 1
        buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      while buffer.count - place < width {
        place -= 1
        buffer[place] = UInt8(ascii: "0")
      }
      bytes.append(contentsOf: buffer[place...])
    }
  }
}
