internal import CZlib

/// The owner of one zlib state: gzip in, plain bytes out.
@safe struct Inflater: ~Copyable {
  enum Outcome {
    case progress
    /// A member is complete and its checksum holds.
    case memberEnd
    case corrupt(String)
    case outOfMemory
  }

  private let state: OpaquePointer

  /// Returns nil when there is no memory.
  init?() {
    guard let state = unsafe assay_inflater_create() else { return nil }
    unsafe self.state = state
  }

  deinit { unsafe assay_inflater_destroy(state) }

  /// Makes ready for the next member of the same file.
  mutating func reset() -> Bool { unsafe assay_inflater_reset(state) == AssayInflateProgress }

  /// Inflates `input` into `output` from `start` on until one of them is used up or a member ends.
  mutating func step(
    _ input: ArraySlice<UInt8>, into output: inout [UInt8], from start: Int
  ) -> (outcome: Outcome, consumed: Int, produced: Int) {
    var consumed = 0
    var produced = 0
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        let room = target.extracting(start...)
        return unsafe assay_inflater_step(
          state, source.baseAddress, source.count, &consumed, room.baseAddress, room.count, &produced)
      }
    }
    return (outcome(of: status), consumed, produced)
  }

  private func outcome(of status: AssayInflateStatus) -> Outcome {
    switch status {
    case AssayInflateProgress: .progress
    case AssayInflateMemberEnd: .memberEnd
    case AssayInflateFailed: .outOfMemory
    default: unsafe .corrupt(String(cString: assay_inflater_message(state)))
    }
  }
}
