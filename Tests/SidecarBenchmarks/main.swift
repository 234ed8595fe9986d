import CSocketLoad
import SocketLoad

// Prints what a sidecar costs over its socket, against what the machine does without any work, in the same run.
// `make bench-sidecar`, or `swift run -c release sidecar-benchmarks [NAME…]` for those named.
// Threads that start from here on stay on the server's processor; only the load goes to the other.
socket_use_core(Cores.server)
SidecarBenchmarks.runAndExit(Array(CommandLine.arguments.dropFirst()))
