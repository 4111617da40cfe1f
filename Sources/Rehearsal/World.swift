#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The world of stand-ins that a rehearsal runs in: `az`, `kubectl`, `gh`, `docker`, what `curl` reaches, and one virtual
/// clock. It is a folder with a state in it, and a process that serves it.
public struct World: Sendable {
  /// Where its state is.
  public let folder: String
  /// The program that makes and asks worlds.
  private let program: String

  /// A world that is not there yet, with the stand-ins of this program or those in a folder.
  public init(folder: String, standIns: String) {
    self.folder = folder
    program = standIns + "/world"
  }

  /// Unpacks the stand-ins that are part of this program.
  public static func unpack(into folder: String) throws {
    for file in EmbeddedWorld.files {
      let place = "\(folder)/\(file.path)"
      try Machine.makeFolder(Machine.parent(of: place))
      try Machine.write(place, file.text, isExecutable: file.isExecutable)
    }
  }

  /// What must be installed on this machine.
  public static let tools = ["bash", "curl", "jq", "openssl", "python3"]

  // MARK: - Life

  public func start(_ scenario: JSON) throws {
    let file = folder + ".scenario.json"
    try Machine.write(file, scenario.text)
    try command("start", folder, "--scenario", file)
  }

  /// Ends its server, and a script that is still running in it.
  public func stop() { _ = try? ask(["stop", folder]) }

  // MARK: - Running

  /// Runs a command in the world; at most so many real seconds. 137 when it was killed.
  public func run(
    _ words: [String], in place: String, environment: [String: String], limit: Int = 600
  ) throws -> Outcome {
    if Interruption.isWanted { throw RehearsalProblem("interrupted") }
    return try Machine.run(
      python, interpreter + ["run", folder, "--limit", "\(limit)", "--"] + words, in: place, environment: environment)
  }

  /// The interpreter that the world has put aside: what is called python3 may be a slow script of a version manager.
  private var python: String {
    let own = folder + "/bin/python3"
    return access(own, X_OK) == 0 ? own : "/usr/bin/env"
  }

  /// The words before those that the world gets. Without what is installed on the machine, some of which comes up slowly.
  private var interpreter: [String] { (python == "/usr/bin/env" ? ["python3"] : []) + ["-IS", program] }

  @discardableResult
  private func command(_ words: String...) throws -> Outcome {
    let outcome = try ask(words)
    guard outcome.code == 0 else { throw RehearsalProblem("world \(words.joined(separator: " ")): \(outcome.output)") }
    return outcome
  }

  private func ask(_ words: [String]) throws -> Outcome {
    try Machine.run(
      python, interpreter + words, in: Machine.parent(of: folder),
      environment: [
        "PATH": Machine.variable("PATH") ?? "/usr/bin:/bin", "LANG": "C.UTF-8",
        "TMPDIR": Machine.parent(of: folder),
        // A request that hangs costs this much real time.
        "WORLD_CURL_LIMIT": "2",
      ])
  }

  // MARK: - Asking

  /// The whole state.
  public var state: JSON { get throws { try JSON(parsing: command("show", folder).output) } }

  /// Changes one place of the state, by its JSON pointer.
  public func set(_ path: String, _ value: JSON) throws { try command("set", folder, path, value.text) }

  /// Lets virtual time pass.
  public func advance(seconds: Int) throws { try command("advance", folder, "\(seconds)s") }

  /// The virtual time, in milliseconds since 1970.
  public var clock: Int {
    get throws {
      let text = try Machine.text(of: folder + "/clock")
      return Int(text.split(separator: "\n").first ?? "") ?? 0
    }
  }

  /// Everything that was called, in order.
  public var calls: [JSON] { get throws { try JSON(parsing: command("calls", folder, "--json").output).elements } }

  /// How the traffic of every service was split, one change after the other.
  public var traffic: [JSON] { get throws { try JSON(parsing: command("traffic", folder, "--json").output).elements } }

  /// How many states the traffic of each service has had.
  public var trafficChanges: [String: Int] {
    get throws {
      let lines = try Machine.text(of: folder + "/traffic-changes").split(separator: "\n")
      return Dictionary(
        lines.map { line in
          let parts = line.split(separator: " ", maxSplits: 1)
          return (String(parts[1]), Int(parts[0]) ?? 0)
        }
      ) { first, _ in first }
    }
  }

  /// What the scenario did not foresee, a line each.
  public var problems: String { get throws { try ask(["problems", folder]).output } }
}
