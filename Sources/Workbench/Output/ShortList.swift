/// How much of something a short list names.
enum ShortList {
  /// `most`; or all where only one would be left, whose name takes no more room than the words that it is missing.
  static func count(of all: Int, atMost most: Int) -> Int { all <= most + 1 ? all : most }
}
