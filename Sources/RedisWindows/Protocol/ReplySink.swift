internal import CHiredis

/// What hiredis' reader calls for each reply instead of making an object: it appends to the tape, or stops the reader
/// where a limit is passed.
///
/// hiredis takes a null result for "out of memory" and stops; every other result is only passed around, so that one
/// made-up pointer stands for all replies and nothing is allocated.
final class ReplySink {
  let tape = ReplyTape()
  let limits: ReplyLimits
  /// Elements announced by arrays since the tape was emptied.
  var elements = 0
  /// The limit that stopped the reader, if one did.
  private(set) var stopped: String?

  init(limits: ReplyLimits) { self.limits = limits }

  /// Whether `count` bytes more are allowed.
  func hasRoom(_ count: Int) -> Bool { count <= limits.bytesMax - tape.byteCount }

  /// Puts a reply on the tape; false where a limit forbids it.
  @inline(__always) func take(_ reply: PlainReply, of bytes: RawSpan) -> Bool {
    switch reply.kind {
    case .bytes, .status:
      guard hasRoom(reply.bytes.count) else { return false }
      tape.append(reply.kind, bytes.extracting(reply.bytes))
    default: tape.append(reply.kind, integer: Int64(reply.integer))
    }
    return true
  }

  private static var done: UnsafeMutableRawPointer? { unsafe UnsafeMutableRawPointer(bitPattern: 1) }

  private func string(_ kind: Int32, _ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawPointer? {
    guard hasRoom(bytes.count) else { return unsafe stop(ReplyReader.tooManyBytes(limits)) }
    switch kind {
    case REDIS_REPLY_STATUS: unsafe tape.append(.status, bytes.bytes)
    case REDIS_REPLY_ERROR: unsafe tape.append(.error, bytes.bytes)
    default: unsafe tape.append(.bytes, bytes.bytes)
    }
    return unsafe Self.done
  }

  private func array(_ count: Int) -> UnsafeMutableRawPointer? {
    guard count <= limits.elementsMax - elements else {
      return unsafe stop("a reply announces more than \(limits.elementsMax) elements")
    }
    elements += max(0, count)
    tape.append(.array, integer: Int64(count))
    return unsafe Self.done
  }

  private func plain(_ kind: ReplyTape.Kind, _ integer: Int64) -> UnsafeMutableRawPointer? {
    tape.append(kind, integer: integer)
    return unsafe Self.done
  }

  private func stop(_ reason: String) -> UnsafeMutableRawPointer? {
    stopped = reason
    return nil
  }

  /// Calls `body` with the sink of a task, which the reader's owner keeps alive: nothing is counted up and down.
  @inline(__always) private static func with(
    _ task: UnsafePointer<redisReadTask>?, _ body: (ReplySink) -> UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer? {
    guard let owner = unsafe task?.pointee.privdata else { return nil }
    return unsafe Unmanaged<ReplySink>.fromOpaque(owner)._withUnsafeGuaranteedRef { unsafe body($0) }
  }

  /// The functions for a reader whose private data is the sink.
  static func functions() -> redisReplyObjectFunctions {
    unsafe redisReplyObjectFunctions(
      createString: { task, start, count in
        unsafe ReplySink.with(task) {
          unsafe $0.string(task?.pointee.type ?? 0, UnsafeRawBufferPointer(start: start, count: count))
        }
      },
      createArray: { task, count in unsafe ReplySink.with(task) { unsafe $0.array(Int(count)) } },
      createInteger: { task, value in unsafe ReplySink.with(task) { unsafe $0.plain(.integer, value) } },
      createNil: { task in unsafe ReplySink.with(task) { unsafe $0.plain(.null, 0) } },
      freeObject: { _ in })
  }
}
