public import GitHubWorkflow

/// `liftlock.pins`: commits of actions that a repository has chosen for itself, a line each.
///
///     actions/checkout 3d3c42e5aac5ba805825da76410c181273ba90b1 v7.0.1
///
/// Liftlock's own are current when Liftlock was written. Bots that keep a repository's actions current write others into the
/// generated workflows; with this file, what is generated next has them, too.
public struct PinFile: Sendable, Equatable {
  /// Where it lies in the repository.
  public static let path = "liftlock.pins"

  /// By name, each once.
  public private(set) var pins: [PinnedAction]

  public init(_ pins: [PinnedAction] = []) {
    self.pins = Dictionary(pins.map { ($0.name, $0) }) { first, _ in first }.values.sorted { $0.name < $1.name }
  }

  /// A line that is none.
  public struct Problem: Sendable, Equatable, CustomStringConvertible {
    /// From 1.
    public let line: Int
    public let message: String
    public var description: String { "\(PinFile.path):\(line): \(message)" }
  }

  /// Reads a file, and tells every line that cannot be read. `known` are the actions that generated workflows use.
  public static func read(_ text: String, known: [String]) -> (file: PinFile, problems: [Problem]) {
    var pins: [PinnedAction] = []
    var problems: [Problem] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
      func report(_ message: String) { problems.append(Problem(line: index + 1, message: message)) }
      guard let name = words.first else { continue }
      if words.count != 3 {
        report("write an action, its commit and its version, such as: actions/checkout 3d3c42e5…(40 digits) v7.0.1")
      } else if !known.contains(name) {
        report("generated workflows do not use `\(name)`; they use \(known.joined(separator: ", "))")
      } else if !PinnedAction.isCommit(words[1]) {
        report("`\(words[1])` is not the hash of a commit, which has 40 digits; tags can be moved to other code")
      } else if pins.contains(where: { $0.name == name }) {
        report("`\(name)` stands here for the second time")
      } else {
        pins.append(PinnedAction(name: name, commit: words[1], version: words[2]))
      }
    }
    return (PinFile(pins), problems)
  }

  /// The file.
  public var text: String {
    "# Commits of actions that the generated workflows use in the place of Liftlock's own.\n"
      + "# Written by `liftlock pins --update`, read by `liftlock generate`.\n"
      + pins.map { "\($0.name) \($0.commit) \($0.version)\n" }.joined()
  }
}
