internal import CYAML

/// One step of libyaml through a file, its places already in bytes.
struct YAMLEvent {
  enum Kind {
    case streamEnd, documentEnd, alias, sequenceEnd, mappingEnd
    case documentStart(hasDirective: Bool, isExplicit: Bool)
    case scalar(YAMLScalar)
    case sequenceStart(isFlow: Bool)
    case mappingStart(isFlow: Bool)
    /// libyaml's own words; the context says what it was reading and where that began.
    case syntaxError(problem: String, context: String?, contextStart: Int)
    case outOfMemory
  }

  let kind: Kind
  let span: Range<Int>
  let hasAnchor: Bool
  let hasTag: Bool
}

/// Owns libyaml's parser and the copy of the bytes that it reads.
@safe struct YAMLEventParser: ~Copyable {
  private let parser: OpaquePointer
  private let bytes: UnsafeMutableBufferPointer<UInt8>
  private let marks: CharacterMarks

  /// Reads `source`, which must be UTF-8; nil when memory is short.
  init?(_ source: SourceText) {
    var text = source.bytes[source.markLength...]
    // libyaml drops a last line of nothing but spaces that has no line break, even out of a block's text.
    let lastLine = text.reversed().prefix { !ScalarBytes.isBreak($0) }
    if !lastLine.isEmpty, lastLine.allSatisfy(ScalarBytes.isBlank) { text.append(UInt8(ascii: "\n")) }
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, text.count))
    _ = unsafe copy.initialize(from: text)
    guard let parser = unsafe cyaml_parser_new(copy.baseAddress, text.count) else {
      unsafe copy.deallocate()
      return nil
    }
    unsafe self.parser = parser
    unsafe bytes = copy
    marks = CharacterMarks(source)
  }

  deinit {
    unsafe cyaml_parser_free(parser)
    unsafe bytes.deallocate()
  }

  /// The next event; after the end of the stream or an error there is none to ask for.
  mutating func next() -> YAMLEvent {
    var event = unsafe cyaml_event()
    unsafe cyaml_parser_next(parser, &event)
    let start = unsafe marks.byteOffset(ofCharacter: event.start)
    let end = unsafe max(start, marks.byteOffset(ofCharacter: event.end))
    return unsafe YAMLEvent(
      kind: kind(of: event), span: start..<end, hasAnchor: event.has_anchor != 0, hasTag: event.has_tag != 0)
  }

  private func kind(of event: cyaml_event) -> YAMLEvent.Kind {
    switch unsafe event.kind {
    case CYAML_DOCUMENT_START:
      return unsafe .documentStart(hasDirective: event.has_directive != 0, isExplicit: event.is_explicit != 0)
    case CYAML_DOCUMENT_END: return .documentEnd
    case CYAML_ALIAS: return .alias
    case CYAML_SCALAR:
      let value = unsafe UnsafeBufferPointer(start: event.value, count: event.value_length)
      let text = unsafe String(decoding: value, as: UTF8.self)
      return unsafe .scalar(YAMLScalar(text: text, style: style(of: event.style)))
    case CYAML_SEQUENCE_START: return unsafe .sequenceStart(isFlow: event.is_flow != 0)
    case CYAML_SEQUENCE_END: return .sequenceEnd
    case CYAML_MAPPING_START: return unsafe .mappingStart(isFlow: event.is_flow != 0)
    case CYAML_MAPPING_END: return .mappingEnd
    case CYAML_SYNTAX_ERROR:
      return unsafe .syntaxError(
        problem: text(event.problem) ?? "", context: text(event.context),
        contextStart: marks.byteOffset(ofCharacter: event.context_start))
    case CYAML_OUT_OF_MEMORY: return .outOfMemory
    default: return .streamEnd
    }
  }

  private func style(of style: cyaml_style) -> YAMLScalar.Style {
    switch style {
    case CYAML_SINGLE_QUOTED: .singleQuoted
    case CYAML_DOUBLE_QUOTED: .doubleQuoted
    case CYAML_LITERAL: .literal
    case CYAML_FOLDED: .folded
    default: .plain
    }
  }

  private func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    unsafe pointer.map { unsafe String(cString: $0) }
  }
}

/// Turns libyaml's places, which count characters after the byte order mark, into byte offsets.
private struct CharacterMarks {
  private let source: SourceText
  private let isASCII: Bool
  /// The byte offset of every character whose number is a multiple of `stride`.
  private let checkpoints: [Int]
  private static let stride = 64

  init(_ source: SourceText) {
    self.source = source
    isASCII = source.bytes.allSatisfy { $0 < 0x80 }
    var checkpoints: [Int] = []
    if !isASCII {
      var count = 0
      for index in source.markLength..<source.bytes.count where source.bytes[index] & 0xC0 != 0x80 {
        if count % Self.stride == 0 { checkpoints.append(index) }
        count += 1
      }
    }
    self.checkpoints = checkpoints
  }

  func byteOffset(ofCharacter number: Int) -> Int {
    if isASCII { return min(number, source.bytes.count) }
    let checkpoint = number / Self.stride
    guard checkpoint < checkpoints.count else { return source.bytes.count }
    var offset = checkpoints[checkpoint]
    var rest = number % Self.stride
    while rest > 0, offset < source.bytes.count {
      offset += 1
      while offset < source.bytes.count, source.bytes[offset] & 0xC0 == 0x80 { offset += 1 }
      rest -= 1
    }
    return offset
  }
}
