import Glibc

// A reader that goes away (`head`) shows as a failed write, which ends the work quietly.
signal(SIGPIPE, SIG_IGN)
exit(CommandLineEntry.run(Array(CommandLine.arguments.dropFirst())).rawValue)
