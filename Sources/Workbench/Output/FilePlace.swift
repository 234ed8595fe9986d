internal import Glibc

/// Where paths lead.
enum FilePlace {
  /// Links that are followed one after another, as the system does.
  private static let linksMax = 40

  /// The folder that the file at `path` is in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path without links, also of a file that is not there yet; as it is where its folder is not there either.
  static func resolved(_ path: String) -> String {
    var path = path
    for _ in 0..<linksMax {
      guard let target = link(at: path) else { break }
      path = target.hasPrefix("/") ? target : folder(of: path) + "/" + target
    }
    guard let folder = real(folder(of: path)), let name = path.split(separator: "/").last else { return path }
    return folder == "/" ? "/" + name : folder + "/" + name
  }

  /// What a link says; nil for what is none.
  private static func link(at path: String) -> String? {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe bytes.withUnsafeMutableBytes { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      return unsafe readlink(path, start, buffer.count)
    }
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  private static func real(_ path: String) -> String? {
    guard let pointer = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(pointer) }
    return unsafe String(cString: pointer)
  }
}

/// Which file a path or a descriptor leads to, whatever it is called.
enum FileIdentity: Hashable {
  case file(device: UInt, number: UInt)
  /// One that is not there yet, by its path without links.
  case missing(String)

  /// Nil for a device, such as `/dev/null`, which many may write to.
  init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      self = .missing(FilePlace.resolved(path))
      return
    }
    self.init(status)
  }

  /// Nil for what is no file of a disk: a terminal, a pipe, nothing.
  init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    self.init(status)
  }

  private init?(_ status: stat) {
    if status.st_mode & S_IFMT == S_IFCHR { return nil }
    self = .file(device: UInt(status.st_dev), number: UInt(status.st_ino))
  }
}
