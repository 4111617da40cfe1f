/// Where the steps of a workflow run: a checkout, the folders that a runner has, and the world around it.
public struct Stage: Sendable {
  /// Everything of this rehearsal lies in here.
  public let base: String
  /// The stand-ins; `nil`: this machine as it is, in real time.
  public let world: World?
  /// Real seconds that a step may take.
  public let limit: Int
  /// Variables of whoever looks on; every command gets them.
  public var watch: [String: String] = [:]

  public init(base: String, world: World?, limit: Int = 900) {
    self.base = base
    self.world = world
    self.limit = limit
  }

  public var checkout: String { base + "/checkout" }
  /// Where temporary files go: what is left in it afterwards was left behind.
  public var temporary: String { base + "/tmp" }
  /// A runner's `RUNNER_TEMP`, one for each job.
  public func runnerTemporary(_ name: String = "runner") -> String { "\(base)/temp-\(name)" }

  /// Makes the folders.
  public func prepare() throws {
    for folder in [checkout, temporary, base + "/home", runnerTemporary()] { try Machine.makeFolder(folder) }
  }

  /// Writes a file of the repository.
  public func write(_ path: String, _ text: String, isExecutable: Bool = false) throws {
    let place = "\(checkout)/\(path)"
    try Machine.makeFolder(Machine.parent(of: place))
    try Machine.write(place, text, isExecutable: isExecutable)
  }

  /// Nothing of the machine's own settings but where its programs are.
  private var environment: [String: String] {
    [
      "PATH": Machine.variable("PATH") ?? "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": base + "/home",
      "TMPDIR": temporary, "LIFTLOCK_STATE": runnerTemporary() + "/liftlock",
      // In the world of stand-ins a request that hangs costs this much real time.
      "WORLD_CURL_LIMIT": "2",
    ]
  }

  /// Runs a command from the root of the repository. A value of `nil` takes a variable away.
  public func run(_ words: [String], _ values: [String: String?] = [:]) throws -> Outcome {
    // Where things are real, the step that was interrupted has failed, and what follows a failure is done.
    if world == nil ? Interruption.isUrgent : Interruption.isWanted { throw RehearsalProblem("interrupted") }
    // Real programs have their own settings, such as who is logged in.
    var environment = world == nil ? Machine.environment.merging(environment) { old, _ in old } : environment
    if world == nil { environment["TMPDIR"] = temporary }
    for (name, value) in values { environment[name] = value }
    environment.merge(watch) { _, new in new }
    if let world { return try world.run(words, in: checkout, environment: environment, limit: limit) }
    guard let program = words[0].contains("/") ? words[0] : Machine.find(words[0]) else {
      return Outcome(code: 127, output: "\(words[0]): not found\n")
    }
    return try Machine.run(program, Array(words.dropFirst()), in: checkout, environment: environment)
  }

  /// Milliseconds since 1970, by the clock that the steps see.
  public var clock: Int { get throws { try world.map { try $0.clock } ?? Machine.milliseconds } }

  /// Every text that anything left behind, by path.
  public func texts(under folders: [String]) -> [String: String] {
    var texts: [String: String] = [:]
    for file in Machine.files(under: folders) { texts[file] = (try? Machine.text(of: file)) ?? "" }
    return texts
  }
}
