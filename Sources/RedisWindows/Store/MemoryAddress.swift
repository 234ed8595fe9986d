internal import Windows

/// Where an object is, without a reference to it: counting one up would wait for the object's memory.
@safe
struct MemoryAddress {
  private let start: UnsafeRawPointer?

  /// The address of an object, which others keep alive.
  @inline(__always) init(of object: AnyObject) {
    unsafe start = UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
  }

  /// The address of an array's object, whose elements stand 32 bytes behind its beginning.
  @inline(__always) init(ofElements elements: UnsafeRawBufferPointer) {
    unsafe start = elements.baseAddress.map { unsafe $0 - 32 }
  }

  /// Asks for the object's beginning, whether it is still there or not: so many lines of the processor's cache.
  @inline(__always) func prefetch(lines: Int) {
    if let start = unsafe start { unsafe Windows.prefetch(at: start, lines: lines) }
  }

  /// Calls `body` with the object, which must be of that class and be kept alive by others.
  @unsafe @inline(__always) func with<Object: AnyObject>(as type: Object.Type, _ body: (Object) -> Void) {
    guard let start = unsafe start else { return }
    unsafe Unmanaged<Object>.fromOpaque(start)._withUnsafeGuaranteedRef { body($0) }
  }
}
