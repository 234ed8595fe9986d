/// A group of commands that is kept until it is answered, so that what one server refuses can be sent to another.
final class RoutedGroup {
  /// The slot of its key; nil where it has none, and any server will do.
  let slot: Int?
  /// By the loop's clock; nanoseconds.
  let deadline: Int64
  let commands: CommandBuffer
  let receive: ReplyHandler
  /// How often it was refused.
  var refusals = 0
  /// What has been answered; nil while nothing is known but that the whole group is to be sent.
  var progress: GroupProgress?

  init(_ commands: CommandBuffer, slot: Int?, deadline: Int64, receive: @escaping ReplyHandler) {
    self.commands = commands
    self.slot = slot
    self.deadline = deadline
    self.receive = receive
  }

  /// Whether a part of it was executed.
  var hasRun: Bool { progress?.hasRun ?? false }

  /// What is to be sent next: all of it, or what was refused.
  func unanswered(asking: Bool) -> CommandBuffer {
    if !asking && progress?.isUntouched ?? true { return commands }
    return progress?.unanswered(of: commands, asking: asking) ?? commands
  }

  /// Takes the replies to what `unanswered` gave. `isRefusal` tells the errors that say that a command was not executed
  /// and is welcome elsewhere.
  func take(_ replies: Replies, asked: Bool, isRefusal: (String) -> Bool) {
    var progress = progress ?? GroupProgress(commands)
    progress.take(replies, asked: asked, isRefusal: isRefusal)
    self.progress = progress
  }
}
