internal import CXXHash

/// An entity's state is spread over a dozen blocks of memory, most of them in no cache when a visit begins. Asked for
/// ahead they come side by side; when they are needed, one would wait for the other.
///
/// They change nothing, and are mutating nevertheless: the state is not copied for the call then.
extension EntityFold {
  /// Asks for what the entity itself points to.
  package mutating func prefetchGroups() {
    groups.prefetchStart()
    identities.prefetch()
  }

  /// Asks for what its groups point to.
  package mutating func prefetchEntries() {
    var groups = groups.mutableSpan
    for index in groups.indices { groups[index].prefetch() }
  }
}

extension EntityFold {
  /// The hash under which an event's id is looked for.
  package static func identityHash(_ id: RawSpan) -> UInt64 {
    Hashing.hash(id, 0..<id.byteCount, seed: Hashing.seed)
  }

  /// Asks for the cell where an id's hash is looked for first.
  package mutating func prefetchIdentity(_ hash: UInt64) { identities.prefetch(hash) }
}

extension WindowGroup {
  /// Asks for what a visit touches.
  @inline(__always) fileprivate mutating func prefetch() {
    entries.prefetchEnd()
    values.prefetchEnd()
    windows.prefetchStart()
  }
}

/// Asks for 192 bytes from an address on, whatever is there.
package func prefetch(at start: UnsafeRawPointer) {
  unsafe cxxhash_prefetch(start)
  unsafe cxxhash_prefetch(start + 64)
  unsafe cxxhash_prefetch(start + 128)
}

extension ContiguousArray {
  /// Asks for the first elements, without looking at the array's header.
  @inline(__always) func prefetchStart() {
    // Asked for outside of the closure: no reference is counted for it.
    let start = unsafe withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
    unsafe cxxhash_prefetch(start)
  }

  /// Asks for one element.
  @inline(__always) func prefetch(_ index: Int) {
    let place = unsafe withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe UnsafeRawPointer($0 + index) }
    }
    unsafe cxxhash_prefetch(place)
  }

  /// Asks for the last element.
  @inline(__always) func prefetchEnd() {
    let end = unsafe withUnsafeBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe UnsafeRawPointer($0 + buffer.count) }
    }
    unsafe cxxhash_prefetch(end)
  }
}
