public import CEL
internal import CRE2

/// Regular expressions by RE2: every match takes time linear in the text, whatever the pattern.
public struct RE2Engine: RegularExpressions {
  /// UTF-8 bytes of a pattern.
  public static let patternBytesMax = 4_096
  /// What one pattern and its automata may take.
  public static let patternMemoryBytesMax = 1 << 20

  /// An engine; it has no state.
  public init() {}

  /// Compiles a pattern, or says why RE2 refuses it.
  public func compile(_ pattern: String) throws(RegularExpressionError) -> any RegularExpression {
    try RE2Pattern(pattern)
  }
}

/// The owner of one compiled pattern.
@safe private final class RE2Pattern: RegularExpression {
  // RE2 promises that matching with one pattern from several threads is safe; nothing writes it.
  private nonisolated(unsafe) let handle: OpaquePointer
  let size: Int

  init(_ pattern: String) throws(RegularExpressionError) {
    let length = pattern.utf8.count
    guard length <= RE2Engine.patternBytesMax else {
      throw RegularExpressionError(
        message: "the pattern has \(length) bytes, at most \(RE2Engine.patternBytesMax) are allowed")
    }
    var message = [CChar](repeating: 0, count: 256)
    var offset: Int64 = -1
    var text = pattern
    let compiled = text.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
        unsafe message.withUnsafeMutableBufferPointer { message in
          unsafe cre2_compile(
            characters.baseAddress, characters.count, Int64(RE2Engine.patternMemoryBytesMax),
            message.baseAddress,
            message.count, &offset)
        }
      }
    }
    guard let compiled = unsafe compiled else {
      let bytes = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw RegularExpressionError(
        message: String(decoding: bytes, as: UTF8.self), offset: offset < 0 ? nil : Int(offset))
    }
    unsafe handle = compiled
    size = unsafe Int(cre2_size(compiled))
  }

  deinit { unsafe cre2_free(handle) }

  func matches(utf8: Span<UInt8>) -> Bool {
    unsafe utf8.withUnsafeBytes { bytes in
      unsafe cre2_matches(handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }

  func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
        unsafe cre2_matches(handle, characters.baseAddress, characters.count)
      }
    }
  }
}
