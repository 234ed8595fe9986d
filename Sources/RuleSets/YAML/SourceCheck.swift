/// Checks a file's bytes before libyaml sees them: UTF-8 without characters that YAML forbids, and not too many.
enum SourceCheck {
  /// The first thing wrong with the bytes, nil if a parser may read them.
  static func problem(in source: SourceText, file: String) -> Diagnostic? {
    let bytes = source.bytes
    if bytes.count > YAMLLimits.fileBytesMax {
      return Diagnostic(
        code: "yaml-file-too-large", at: Diagnostic.Place(file: file, span: nil),
        message: "the file has \(bytes.count) bytes, more than the \(YAMLLimits.fileBytesMax) allowed",
        hint: "split it into several files")
    }
    if let name = otherEncoding(of: bytes) {
      return Diagnostic(
        code: "yaml-encoding", at: Diagnostic.Place(file: file, span: 0..<min(4, bytes.count)),
        message: "the file is in \(name), from byte 0", hint: "save it as UTF-8")
    }
    if let zero = bytes.firstIndex(of: 0) {
      return Diagnostic(
        code: "yaml-binary", at: Diagnostic.Place(file: file, span: zero..<zero + 1),
        message: "byte \(zero) is zero: this is a binary file, not YAML")
    }
    do {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      let place = error.byteOffsets
      return Diagnostic(
        code: "yaml-not-utf8", at: Diagnostic.Place(file: file, span: place),
        message: "byte \(place.lowerBound) is not UTF-8", hint: "save the file as UTF-8")
    }
    return forbiddenCharacter(in: source, file: file)
  }

  /// UTF-16 and UTF-32, by their byte order marks or by the zeros beside an ASCII character.
  private static func otherEncoding(of bytes: [UInt8]) -> String? {
    let first = Array(bytes.prefix(4))
    if first.starts(with: [0, 0, 0xFE, 0xFF]) || first == [0xFF, 0xFE, 0, 0] { return "UTF-32" }
    if first.starts(with: [0xFE, 0xFF]) || first.starts(with: [0xFF, 0xFE]) { return "UTF-16" }
    guard first.count == 4 else { return nil }
    switch first.map({ $0 == 0 }) {
    case [true, true, true, false], [false, true, true, true]: return "UTF-32"
    case [true, false, true, false], [false, true, false, true]: return "UTF-16"
    default: return nil
    }
  }

  private static func forbiddenCharacter(in source: SourceText, file: String) -> Diagnostic? {
    let bytes = source.bytes
    for index in source.markLength..<max(source.markLength, bytes.count) {
      let byte = bytes[index]
      guard byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xEF else { continue }
      guard byte != 0x0A, byte != 0x0D, byte != 0x09 else { continue }
      guard let scalar = scalar(at: index, in: bytes), let reason = reason(against: scalar) else { continue }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      return Diagnostic(
        code: reason.code, at: Diagnostic.Place(file: file, span: index..<index + scalar.utf8.count),
        message: "the character \(name) at byte \(index) is \(reason.words)",
        hint: "write it as an escape in double quotes: `\"\\u\(name.dropFirst(2))\"`")
    }
    return nil
  }

  private static func scalar(at index: Int, in bytes: [UInt8]) -> Unicode.Scalar? {
    String(decoding: bytes[index..<min(index + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
  }

  /// Line separators end a line in YAML 1.1 and not in 1.2: neither reading would surprise nobody.
  private static func reason(against scalar: Unicode.Scalar) -> (code: String, words: String)? {
    switch scalar.value {
    case 0x85, 0x2028, 0x2029: ("yaml-line-separator", "a line break to some readers and not to others")
    case 0..<0x20, 0x7F...0x9F, 0xFEFF, 0xFFFE, 0xFFFF: ("yaml-control-character", "not allowed in YAML")
    default: nil
    }
  }
}
