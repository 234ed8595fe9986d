internal import Glibc

/// What the kernel tells of this process, under the names that all exporters use.
struct ProcessMetrics {
  static let all: [ReadMetric<ProcessMetrics>] = [
    ReadMetric(
      "process_resident_memory_bytes", .gauge, "Memory of the process that is in RAM.",
      count: \.residentBytes),
    ReadMetric("process_open_fds", .gauge, "Open file descriptors.", count: \.descriptorCount),
    ReadMetric("process_max_fds", .gauge, "How many there may be.", count: \.descriptorCountMax),
    ReadMetric(
      "process_cpu_seconds_total", .counter, "Time that the process' threads have used.",
      { $0.processorSeconds }),
  ]

  let residentBytes: Int
  let descriptorCount: Int
  let descriptorCountMax: Int
  let processorSeconds: Double

  /// Asks the kernel.
  init() {
    let pages = Self.text("/proc/self/statm").split(separator: " ").dropFirst().first.flatMap { Int($0) }
    residentBytes = (pages ?? 0) * Int(sysconf(CInt(_SC_PAGESIZE)))
    descriptorCount = Self.entryCount("/proc/self/fd")
    var limit = rlimit()
    let result = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    descriptorCountMax = result == 0 ? Int(clamping: limit.rlim_cur) : 0
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    processorSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The first bytes of a small file; empty where it cannot be read.
  private static func text(_ path: String) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }

  /// How many files a folder has; itself, open while it is read, is not one of them.
  private static func entryCount(_ path: String) -> Int {
    guard let folder = unsafe opendir(path) else { return 0 }
    defer { unsafe closedir(folder) }
    var count = 0
    while unsafe readdir(folder) != nil { count += 1 }
    // `.` and `..`, and the descriptor of this very reading.
    return max(count - 3, 0)
  }
}
