internal import CXXHash

/// A set of names that are looked up by their UTF-8 bytes, without making a `String` of them.
struct NameTable: Sendable {
  private let bytes: [UInt8]
  /// Where each name begins in `bytes`, and where the last one ends.
  private let bounds: [Int]
  /// Open addressing, a power of two at most half full: the index of a name, or -1.
  private let places: [Int32]

  init(_ names: [String]) {
    var bytes: [UInt8] = []
    var bounds = [0]
    for name in names {
      bytes.append(contentsOf: name.utf8)
      bounds.append(bytes.count)
    }
    var count = 4
    while count < names.count * 2 { count *= 2 }
    var places = [Int32](repeating: -1, count: count)
    for index in names.indices {
      let name = bytes[bounds[index]..<bounds[index + 1]]
      var place = unsafe name.withUnsafeBufferPointer { unsafe NameTable.hash($0) } & (count - 1)
      while places[place] >= 0 { place = (place + 1) & (count - 1) }
      places[place] = Int32(index)
    }
    self.bytes = bytes
    self.bounds = bounds
    self.places = places
  }

  /// The position of the name that is `text`, or nil.
  func index(of text: UnsafeBufferPointer<UInt8>) -> Int? {
    var place = unsafe NameTable.hash(text) & (places.count - 1)
    while places[place] >= 0 {
      let index = Int(places[place])
      let range = bounds[index]..<bounds[index + 1]
      if range.count == text.count, unsafe bytes[range].elementsEqual(text) { return index }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    Int(truncatingIfNeeded: unsafe cxxhash_64(text.baseAddress, text.count, 0))
  }
}
