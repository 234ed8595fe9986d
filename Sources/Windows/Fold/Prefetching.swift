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

  /// The same as `prefetchGroups`, with all of the groups where there are no more than two.
  package mutating func prefetchAllGroups() {
    groups.prefetchStart(bytes: 2 * MemoryLayout<WindowGroup>.stride)
    identities.prefetch()
  }

  /// Asks for the beginnings of what the groups point to, where the arrays tell how many they hold.
  package mutating func prefetchArrays() {
    var groups = groups.mutableSpan
    for index in groups.indices { groups[index].prefetchArrays() }
  }

  /// Asks for the ends of that, and for the cell where an id's hash is looked for first.
  package mutating func prefetchEnds(identity hash: UInt64) {
    var groups = groups.mutableSpan
    for index in groups.indices { groups[index].prefetchEnds() }
    identities.prefetch(hash)
  }
}

extension WindowGroup {
  /// Asks for what a visit touches.
  @inline(__always) fileprivate mutating func prefetch() {
    prefetchEnds()
    windows.prefetchStart()
  }

  @inline(__always) fileprivate mutating func prefetchArrays() {
    entries.prefetchStart(bytes: 1)
    values.prefetchStart(bytes: 1)
    windows.prefetchStart(bytes: 96)
  }

  @inline(__always) fileprivate mutating func prefetchEnds() {
    entries.prefetchEnd()
    values.prefetchEnd()
  }
}

/// Asks for so many lines of the processor's cache from an address on, whatever is there.
package func prefetch(at start: UnsafeRawPointer, lines: Int) {
  for line in 0..<lines { unsafe cxxhash_prefetch(start + 64 * line) }
}

extension ContiguousArray {
  /// Asks for the first elements, without looking at the array's header.
  @inline(__always) func prefetchStart() {
    // Asked for outside of the closure: no reference is counted for it.
    let start = unsafe withUnsafeBufferPointer { unsafe UnsafeRawPointer($0.baseAddress) }
    unsafe cxxhash_prefetch(start)
  }

  /// Asks for the array's header, and so many bytes of elements behind it.
  @inline(__always) func prefetchStart(bytes: Int) {
    let start = unsafe withUnsafeBufferPointer {
      unsafe $0.baseAddress.map { unsafe UnsafeRawPointer($0) - 32 }
    }
    guard let start = unsafe start else { return }
    for offset in stride(from: 0, to: 32 + bytes, by: 64) { unsafe cxxhash_prefetch(start + offset) }
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
