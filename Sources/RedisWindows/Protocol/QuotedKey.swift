extension [UInt8] {
  /// The bytes of a key as `redis-cli` shows them and takes them back: in double quotes, whatever is not printable as
  /// in `\x00`. Keys hold no sensitive value but as its keyed hash.
  package var quotedKey: String {
    var text = "\""
    for byte in self {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(byte))
      case UInt8(ascii: "\n"): text += "\\n"
      case UInt8(ascii: "\r"): text += "\\r"
      case UInt8(ascii: "\t"): text += "\\t"
      case 32...126: text += String(UnicodeScalar(byte))
      default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return text + "\""
  }
}
