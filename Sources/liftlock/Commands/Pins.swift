import ArgumentParser
import GitHubActionsBackend
import GitHubWorkflow

struct Pins: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the commits of the actions that generated workflows use, and takes over those of a bot.",
    discussion: """
      Every action is used at one commit, because a tag can be moved to other code. Liftlock brings commits of its own; a \
      repository has its own in liftlock.pins, which lies at its root and is committed. When a bot such as Dependabot has moved \
      an action in the generated workflows, --update writes what it chose into liftlock.pins; generate uses it from then on.
      """)

  @Option(help: "The root of the repository.")
  var root = "."

  @Flag(help: "Writes the commits that the generated workflows use into liftlock.pins.")
  var update = false

  func run() throws {
    let file = try RepositoryPins.read(below: root)
    do {
      if update { try take(over: file) } else { list(file) }
    } catch let problem as FileProblem {
      Terminal.complain("liftlock: \(problem)")
      throw ExitCode.usage
    }
  }

  private func list(_ file: PinFile) {
    let own = ActionPins().all
    let rows = ActionPins(file).all.map { pin in
      [pin.name, pin.version, pin.commit, own.contains(pin) ? "Liftlock's own" : PinFile.path]
    }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
      Terminal.print((cells + [row[3]]).joined(separator: "  ") + "\n")
    }
  }

  private func take(over file: PinFile) throws {
    let tree = try Tree(root)
    tree.lock { Terminal.complain("liftlock: another liftlock writes into \(root); waiting for it") }
    let places = try RepositoryPins.uses(below: root)
    if places.isEmpty {
      Terminal.complain(
        "liftlock: there is no generated workflow below \(root) that uses an action; run: liftlock generate")
      throw ExitCode.findings
    }
    let current = ActionPins(file).all
    var pins = current
    var problems: [String] = []
    for (index, pin) in current.enumerated() {
      let moved = places.filter { $0.use.name == pin.name && $0.use.pin != pin }
      for place in moved where place.use.pin == nil {
        problems.append(
          PinnedAction.isCommit(place.use.reference)
            ? "\(place): write the version of \(pin.name) behind the commit, as a comment: # v1.2.3"
            : "\(place): \(pin.name) is used at `\(place.use.reference)`, which is no commit; tags can be moved to other code"
        )
      }
      let chosen = moved.compactMap { place in place.use.pin.map { (place, $0) } }
      guard let (first, new) = chosen.first else { continue }
      if let (other, _) = chosen.first(where: { $0.1 != new }) {
        problems.append("\(first) and \(other) use \(pin.name) at different commits; which one is right?")
      }
      pins[index] = new
    }
    for problem in problems { Terminal.complain("liftlock: \(problem)") }
    if !problems.isEmpty {
      Terminal.complain("liftlock: nothing was written")
      throw ExitCode.findings
    }
    let own = ActionPins().all
    let new = PinFile(pins.filter { !own.contains($0) })
    guard new != file else {
      Terminal.print("The workflows use what they were generated with; nothing to take over.\n")
      return
    }
    try tree.replace(PinFile.path, with: new.text, isExecutable: false)
    try tree.flush()
    for (old, new) in zip(current, pins) where old != new {
      Terminal.print("\(new.name): \(old.version) → \(new.version)\n")
    }
    Terminal.print("Run liftlock generate, and commit \(PinFile.path) with what it writes.\n")
  }
}
