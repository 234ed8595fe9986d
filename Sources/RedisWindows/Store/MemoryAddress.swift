internal import Windows

/// Where an object is, without a reference to it: counting one up would wait for the object's memory.
@safe
struct MemoryAddress {
  private let start: UnsafeMutableRawPointer

  /// The address of an object, which others keep alive.
  @inline(__always) init(of object: AnyObject) {
    unsafe start = Unmanaged.passUnretained(object).toOpaque()
  }

  /// Asks for the object's beginning, whether it is still there or not.
  @inline(__always) func prefetch() { unsafe Windows.prefetch(at: start) }

  /// Calls `body` with the object, which must be of that class and be kept alive by others.
  @unsafe @inline(__always) func with<Object: AnyObject>(as type: Object.Type, _ body: (Object) -> Void) {
    unsafe Unmanaged<Object>.fromOpaque(start)._withUnsafeGuaranteedRef { body($0) }
  }
}
