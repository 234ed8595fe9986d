private let fuzz = try? ConnectionFuzz()

/// What libFuzzer calls with each input.
@c(LLVMFuzzerTestOneInput) public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let fuzz else { fatalError("the small rule set is broken") }
  let input = UnsafeBufferPointer(start: bytes, count: count)
  // Nothing to learn from, and nothing to keep.
  if FuzzInput(input) == nil { return -1 }
  if let complaint = fuzz.complaint(about: input) { fatalError("broken promise: \(complaint)") }
  return 0
}
