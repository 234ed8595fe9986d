internal import CEL
internal import Glibc

/// The harness that `ASSAY_FUZZ_HARNESS` names.
private let harness: Harness = {
  guard let name = getenv("ASSAY_FUZZ_HARNESS"), let harness = Harness(rawValue: String(cString: name)) else {
    fatalError("ASSAY_FUZZ_HARNESS is none of \(Harness.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return harness
}()

/// What libFuzzer calls with each input; the linker gives it the name that libFuzzer knows, as other fuzzers may be linked
/// into the tests.
@c(assay_fuzz_expression)
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  harness.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
