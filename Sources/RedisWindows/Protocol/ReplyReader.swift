internal import CHiredis

/// Reads replies from bytes as they arrive, cut anywhere, and writes them on a tape: with hiredis' reader, save for the
/// plain ones that came whole.
///
/// A reader belongs to one connection. After a failure it reads nothing more: what follows cannot be told apart.
@safe
package final class ReplyReader {
  /// What came of the bytes fed so far.
  package enum Step: Equatable {
    /// One more whole reply stands on the tape.
    case reply
    /// The next reply is not whole yet.
    case incomplete
    /// The peer sent what is no reply, or more than is allowed.
    case failed(RedisFailure)
  }

  /// hiredis moves what it has not read yet to the front whenever it read a kilobyte: small pieces keep that cheap.
  package static let pieceBytes = 8_192
  /// hiredis gives its buffer back when it is empty and larger than this; below, it is kept for the next replies.
  private static let idleBytesMax = 65_536
  /// The digits of a length with sign and end of line; whatever has no end by then is no length.
  private static let lengthBytesMax = 24

  private let sink: ReplySink
  private let reader: UnsafeMutablePointer<redisReader>
  private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
  // None is reached again from within a change of itself: those checks are left out.
  @safe @exclusivity(unchecked) private var failure: RedisFailure?
  /// hiredis has all of the replies that it was given a part of.
  @safe @exclusivity(unchecked) private var isBetween = true
  /// How many bytes complete the string that hiredis has a part of; nil where its length is not known.
  @safe @exclusivity(unchecked) private var lacking: Int?

  /// A reader with nothing read.
  package init(limits: ReplyLimits) {
    sink = ReplySink(limits: limits)
    unsafe functions = .allocate(capacity: 1)
    unsafe functions.initialize(to: ReplySink.functions())
    guard let reader = unsafe redisReaderCreateWithFunctions(functions) else {
      preconditionFailure("hiredis has no memory for a reader")
    }
    unsafe self.reader = unsafe reader
    unsafe reader.pointee.maxbuf = Self.idleBytesMax
    unsafe reader.pointee.privdata = unsafe Unmanaged.passUnretained(sink).toOpaque()
  }

  deinit {
    unsafe redisReaderFree(reader)
    unsafe functions.deallocate()
  }

  /// Where replies are written; emptied with `removeAll` of the reader.
  package var tape: ReplyTape { sink.tape }

  /// Forgets the replies read so far; only between replies.
  package func removeAll() {
    sink.tape.removeAll()
    sink.elements = 0
  }

  /// Reads one reply from what is known and from `bytes` on from `offset`, which is moved behind what is used; when it
  /// is incomplete, all of them are.
  package func next(from bytes: RawSpan, at offset: inout Int) -> Step {
    if isBetween && failure == nil {
      if let plain = PlainReply(bytes, at: offset), sink.take(plain, of: bytes) {
        offset = plain.end
        return .reply
      }
      if offset == bytes.byteCount { return .incomplete }
    }
    while true {
      let step = next()
      guard case .incomplete = step, offset < bytes.byteCount else { return step }
      let end = offset + pieceCount(bytes, offset)
      feed(bytes.extracting(offset..<end))
      offset = end
    }
  }

  /// How many of the bytes from `offset` on hiredis is to have next: of a reply that it has a part of the rest, so that
  /// what follows need not go through it.
  private func pieceCount(_ bytes: RawSpan, _ offset: Int) -> Int {
    let most = min(bytes.byteCount - offset, Self.pieceBytes)
    if isBetween { return most }
    if let lacking { return min(lacking, most) }
    for count in 1...most
    where unsafe bytes.unsafeLoad(fromByteOffset: offset + count - 1, as: UInt8.self) == UInt8(ascii: "\n") {
      return count
    }
    return most
  }

  /// Takes the next bytes of the peer, at best no more than `pieceBytes` at once; then `next` until it is incomplete.
  package func feed(_ bytes: RawSpan) {
    guard failure == nil else { return }
    isBetween = false
    let status = unsafe bytes.withUnsafeBytes { bytes in
      unsafe redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    if status != REDIS_OK { _ = fail("there was no memory for a reply") }
  }

  /// Reads one reply.
  package func next() -> Step {
    if let failure { return .failed(failure) }
    var object: UnsafeMutableRawPointer?
    guard unsafe redisReaderGetReply(reader, &object) == REDIS_OK else {
      return fail(sink.stopped ?? protocolError())
    }
    // Between two elements of an array no kind is known either.
    isBetween =
      unsafe reader.pointee.pos == reader.pointee.len && reader.pointee.ridx <= 0
      && assay_reader_kind(reader) < 0
    if unsafe object != nil { return .reply }
    if let reason = hopeless() { return fail(reason) }
    return .incomplete
  }

  private func fail(_ reason: String) -> Step {
    let failure = RedisFailure(code: .garbled, message: reason, mayHaveRun: true)
    self.failure = failure
    return .failed(failure)
  }

  static func tooManyBytes(_ limits: ReplyLimits) -> String {
    "a reply has more than \(limits.bytesMax) bytes"
  }

  /// Why the reply that is being read will never be taken, as far as its first bytes tell: hiredis itself would go on
  /// to collect a string of any length, and search a line without an end from its beginning each time.
  private func hopeless() -> String? {
    lacking = nil
    let kind = unsafe assay_reader_kind(reader)
    let count = unsafe reader.pointee.len - reader.pointee.pos
    guard kind >= 0, count > 0, let buffer = unsafe reader.pointee.buf else { return nil }
    guard kind == REDIS_REPLY_STRING || kind == REDIS_REPLY_ARRAY else {
      return count > sink.limits.lineBytesMax ? "a line has more than \(sink.limits.lineBytesMax) bytes" : nil
    }
    var length = 0
    for index in 0..<min(count, Self.lengthBytesMax) {
      let byte = unsafe UInt8(bitPattern: buffer[reader.pointee.pos + index])
      if byte == UInt8(ascii: "\r") {
        guard kind == REDIS_REPLY_STRING else { return nil }
        if !sink.hasRoom(length) { return Self.tooManyBytes(sink.limits) }
        lacking = max(1, index + 4 + length - count)
        return nil
      }
      // Null has the length -1. Whatever else is no digit is left to hiredis; a length that stops growing here is
      // far beyond every limit.
      if byte == UInt8(ascii: "-") { break }
      length = min(length, 1 << 58) &* 10 &+ Int(byte & 15)
    }
    return count >= Self.lengthBytesMax ? "a length has no end" : nil
  }

  private func protocolError() -> String {
    let text = unsafe withUnsafeBytes(of: &reader.pointee.errstr) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    if text.hasPrefix("No support for nested") { return "arrays are nested too deep in a reply" }
    return "what came is no reply of the protocol: \(text.prefix(1).lowercased())\(text.dropFirst())"
  }
}
