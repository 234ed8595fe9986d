/// How a text or bytes literal begins: prefix, quotation mark, one or three of them.
struct StringOpening {
  let isRaw: Bool
  let isBytes: Bool
  let isTriple: Bool
  let quote: UInt8
  /// Offset of the first byte of the contents.
  let content: Int

  /// Returns nil when no literal begins at `start`.
  init?(_ bytes: [UInt8], at start: Int) {
    func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
    var position = start
    isBytes = byte(position) | 0x20 == UInt8(ascii: "b")
    if isBytes { position += 1 }
    isRaw = byte(position) | 0x20 == UInt8(ascii: "r")
    if isRaw { position += 1 }
    quote = byte(position)
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    isTriple = byte(position + 1) == quote && byte(position + 2) == quote
    content = position + (isTriple ? 3 : 1)
  }

  /// Offset past the closing quotation mark, or nil when there is none.
  func end(in bytes: [UInt8]) -> Int? {
    var position = content
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\\"), !isRaw {
        position += 2
      } else if byte == quote {
        guard isTriple else { return position + 1 }
        guard position + 2 < bytes.count else { return nil }
        if bytes[position + 1] == quote, bytes[position + 2] == quote { return position + 3 }
        position += 1
      } else if !isTriple, byte == 0x0A || byte == 0x0D {
        return nil
      } else {
        position += 1
      }
    }
    return nil
  }
}
