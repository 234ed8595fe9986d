internal import CXXHash

/// An entity's state is spread over a dozen blocks of memory, most of them in no cache when a visit begins. Asked for
/// ahead they come side by side; when they are needed, one would wait for the other.
extension EntityFold {
  /// Asks for what the entity itself points to.
  package borrowing func prefetchGroups() {
    groups.prefetchStart()
    identities.prefetch()
  }

  /// Asks for what its groups point to.
  package borrowing func prefetchEntries() {
    for index in groups.indices {
      groups[index].entries.prefetchEnd()
      groups[index].values.prefetchEnd()
      groups[index].windows.prefetchStart()
    }
  }
}

/// Asks for the first 192 bytes of an object, without looking at it: counting a reference up would wait for them.
package func prefetch(_ object: AnyObject) {
  let start = unsafe Unmanaged.passUnretained(object).toOpaque()
  unsafe cxxhash_prefetch(start)
  unsafe cxxhash_prefetch(start + 64)
  unsafe cxxhash_prefetch(start + 128)
}

extension ContiguousArray<UInt8> {
  /// Asks for the end, where the newest record is.
  package func prefetchNewest() { prefetchEnd() }
}

extension ContiguousArray {
  /// Asks for the first elements, without looking at the array's header.
  @inline(__always) func prefetchStart() {
    unsafe withUnsafeBufferPointer { unsafe cxxhash_prefetch($0.baseAddress) }
  }

  /// Asks for the last element.
  @inline(__always) func prefetchEnd() {
    unsafe withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe cxxhash_prefetch(start + buffer.count)
    }
  }
}
