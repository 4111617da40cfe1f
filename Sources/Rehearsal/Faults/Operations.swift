import GitHubWorkflow
import ReleaseModel

/// Lists everything that a release of one environment does outside of its scripts, in the order in which it happens.
public struct Operations: Sendable {
  public private(set) var all: [Operation] = []
  private let plan: ReleasePlan
  private let environment: EnvironmentPlan
  private let scenario: Scenario
  /// The step of the job that is being read.
  private var job = ""
  private var step = 0
  private var occasion = Operation.Occasion.always

  public init(_ plan: ReleasePlan, _ environment: EnvironmentPlan, workflow: Workflow, scenario: Scenario) {
    self.plan = plan
    self.environment = environment
    self.scenario = scenario
    for job in workflow.jobs {
      self.job = job.id
      for (index, step) in job.steps.enumerated() {
        guard case .run(let script) = step.kind else { continue }
        self.step = index
        read(Self.words(script.text))
      }
    }
  }

  /// The call of a generated script that a step consists of: `prod/rollout.sh step 1`.
  static func words(_ script: String) -> [String] {
    let line = script.split(separator: "\n").last { $0.contains(".sh") } ?? ""
    let words = line.split(separator: " ").map { $0.filter { $0 != "\"" && $0 != "'" } }
    guard let first = words.firstIndex(where: { $0.hasSuffix(".sh") }) else { return [] }
    let name = words[first].split(separator: "/").last.map(String.init) ?? ""
    return [name] + Array(words[(first + 1)...])
  }

  private mutating func read(_ words: [String]) {
    occasion = .always
    let argument = words.count > 2 ? words[2] : ""
    switch words.first {
    case "gates.sh":
      let name = words.count > 1 ? words[1] : ""
      addCalls(name == "approval" ? "approval \(argument)" : "gate \(name)", [.init(program: "gh", arguments: "")])
    case "artifact.sh": addCalls("find the image", [.init(program: "docker", arguments: "")])
    case "rollback.sh":
      occasion = job == "guard" ? .lostRunner : .badVersion
      addRollback(prefix: job == "guard" ? "guard" : "rollback")
    case "rollout.sh": if words.count > 1 { readPhase(words[1], argument) }
    default: break
    }
  }

  private mutating func readPhase(_ phase: String, _ argument: String) {
    let target = environment.operations
    switch phase {
    case "preflight":
      addCalls(
        "look at the target", Self.calls(target.preflight + target.identify).reads + [Self.call(target.readMarker)])
    case "check": addCheck("check \(argument)", argument)
    case "migrate":
      if let path = environment.spec.migration?.command.value.first { addProgram("migrate", path) }
    case "notify": addNotification(argument)
    case "deploy":
      let calls = Self.calls(target.deploy)
      addCalls("deploy", calls.changes)
      addCalls("look before the deployment", calls.reads + Self.calls(target.findLive).reads)
      addCalls("ready", Self.calls(target.ready).reads)
      addCalls("note the deployment", [markerCall])
    case "verify-candidate":
      for check in environment.candidateChecks { addCheck("verify \(check.name) before traffic", check.name) }
    case "step":
      guard let number = Int(argument), environment.steps.indices.contains(number - 1) else { return }
      addStep(environment.steps[number - 1])
    case "stabilise": if let part = environment.stabilisation { addWatch("while stabilising", part.step.require) }
    case "finish":
      addCalls("finish", Self.calls(target.finish).changes)
      addCalls("note the finish", [markerCall])
    case "verify", "report": addCheck("\(phase) \(argument)", argument)
    case "complete":
      addCalls("note the promotion", [markerCall])
      addCalls("record for promotions", [.init(program: "gh", arguments: "statuses|deployments")])
    case "record": addCalls("look for the record", [Self.call(target.readMarker)])
    case "duties": addCalls("open the duties", [.init(program: "gh", arguments: "")])
    default: break
    }
  }

  private mutating func addStep(_ planned: PlannedStep) {
    let target = environment.operations
    let calls = Self.calls(target.shift)
    addCalls("shift to \(planned.weight) %", calls.changes)
    if !calls.hosts(scenario).isEmpty { addRequests("shift to \(planned.weight) %", calls.hosts(scenario)) }
    addCalls("read back \(planned.weight) %", [Self.call(target.liveWeight)])
    addCalls("note \(planned.weight) %", [markerCall])
    addWatch("at \(planned.weight) %", planned.require + planned.failWhen)
  }

  /// What is asked again and again while a share is held.
  private mutating func addWatch(_ place: String, _ conditions: [PlannedCondition]) {
    var metrics: [NamedMetric] = []
    for condition in conditions + environment.rollbackWhen {
      switch condition.subject {
      case .metric(let metric, _, _): if !metrics.contains(where: { $0.name == metric.name }) { metrics.append(metric) }
      case .check(let check):
        if case .probe = check.check.kind { addRequests("probe \(check.name) \(place)", home) }
      case .manual: break
      }
    }
    for metric in metrics { addMetric("metric \(metric.name) \(place)", metric) }
    addSources(metrics, place)
  }

  private mutating func addMetric(_ name: String, _ metric: NamedMetric) {
    let patterns = metric.metric.reading.value.queries.map { query in
      query.parts.map { part -> String in
        if case .literal(let text) = part { escaped(text) } else { "[^\"']*?" }
      }.joined()
    }
    if case .json = metric.source.kind { return }
    add(name, .metric(patterns))
  }

  private mutating func addSources(_ metrics: [NamedMetric], _ place: String) {
    var seen: Set<String> = []
    for metric in metrics {
      switch metric.source.kind {
      case .prometheus(let url, _), .json(let url, _):
        guard seen.insert(url).inserted, let address = scenario.secrets[url] else { continue }
        addRequests("source \(url) \(place)", [host(of: address)])
      case .azureLogAnalytics(let workspace):
        guard seen.insert(workspace).inserted else { continue }
        addCalls("source \(workspace) \(place)", [.init(program: "az", arguments: "^monitor log-analytics")])
      case .command(let words):
        if let path = words.first, seen.insert(path).inserted { addProgram("source \(path) \(place)", path) }
      }
    }
  }

  private mutating func addCheck(_ name: String, _ check: String) {
    guard let found = environment.everyCheck.first(where: { $0.name == check }) else { return }
    switch found.check.kind {
    case .probe: addRequests(name, home)
    case .run(let program):
      if let path = program.command.value.first { addProgram(name, path) }
      addConditions(name, check)
    case .require: addConditions(name, check)
    case .gitHubChecks, .noOpenIssues, .stableFor, .pullRequestReviews, .confirm, .signedTag, .releaseIssue, .comment,
      .workflowRun:
      addCalls(name, [.init(program: "gh", arguments: "")])
    }
  }

  private mutating func addConditions(_ name: String, _ check: String) {
    var metrics: [NamedMetric] = []
    for condition in environment.checkConditions[check] ?? [] {
      guard case .metric(let metric, _, _) = condition.subject else { continue }
      if !metrics.contains(where: { $0.name == metric.name }) { metrics.append(metric) }
    }
    for metric in metrics { addMetric("metric \(metric.name) of \(name)", metric) }
    addSources(metrics, "of \(name)")
  }

  private mutating func addNotification(_ event: String) {
    if event == "failed" { occasion = .badVersion }
    defer { occasion = .always }
    for channel in environment.channels {
      guard let known = NotificationChannel.Event(rawValue: event), channel.channel.hears(of: known) else { continue }
      let name = "tell \(channel.name) of \(event)"
      switch channel.channel.kind {
      case .slack(let address), .webhook(let address, _):
        if let text = scenario.secrets[address.value] { addRequests(name, [host(of: text)]) }
      case .pagerDuty: addRequests(name, ["events.pagerduty.com"])
      case .statusPage(let address, _, _): addRequests(name, [host(of: address)])
      case .pullRequest: addCalls(name, [.init(program: "gh", arguments: "")])
      case .command(let words, _): if let path = words.value.first { addProgram(name, path) }
      }
    }
  }

  private mutating func addRollback(prefix: String) {
    let target = environment.operations
    addCalls("\(prefix): read the marker", [Self.call(target.readMarker)])
    let activate = Self.calls(target.activatePrevious)
    addCalls("\(prefix): activate the version before", activate.changes + activate.reads)
    let undo = Self.calls(target.undo)
    addCalls("\(prefix): undo", undo.changes)
    if !undo.hosts(scenario).isEmpty { addRequests("\(prefix): undo", undo.hosts(scenario)) }
    addCalls("\(prefix): read back", [Self.call(target.undone)])
    addCalls("\(prefix): note", [markerCall])
    for check in environment.rollbackVerify { addCheck("\(prefix): verify \(check.name)", check.name) }
    addCalls("\(prefix): clean up", Self.calls(target.cleanUp).changes)
  }

  // MARK: - Adding

  private var home: [String] {
    scenario.world["services"][plan.service]["hosts"].elements.compactMap { $0.string ?? $0["host"].string }
  }

  private var markerCall: Operation.Call { Self.call(environment.operations.writeMarker) }

  private mutating func add(_ name: String, _ medium: Operation.Medium) {
    // A probe can be asked for by several conditions of one step.
    let isThere = all.contains { $0.name == name && $0.job == job && $0.step == step && $0.medium.isLike(medium) }
    if isThere { return }
    all.append(Operation(name: name, job: job, step: step, medium: medium, occasion: occasion))
  }

  private mutating func addCalls(_ name: String, _ calls: [Operation.Call]) {
    let unique = calls.reduce(into: [Operation.Call]()) { if !$0.contains($1) { $0.append($1) } }
    if !unique.isEmpty { add(name, .calls(unique)) }
  }

  private mutating func addRequests(_ name: String, _ hosts: [String]) {
    if !hosts.isEmpty { add(name, .requests(hosts: hosts)) }
  }

  private mutating func addProgram(_ name: String, _ path: String) {
    addCalls(name, [.init(program: "repository-program", arguments: "^\(escaped(path))( |$)")])
  }

  // MARK: - Calls of operations

  private struct Calls {
    var changes: [Operation.Call] = []
    var reads: [Operation.Call] = []
    var secrets: [String] = []

    func hosts(_ scenario: Scenario) -> [String] {
      secrets.compactMap { scenario.secrets[$0].map { host(of: $0) } }.reduce(into: []) {
        if !$0.contains($1) { $0.append($1) }
      }
    }
  }

  private static func calls(_ actions: [Action]) -> Calls {
    var calls = Calls()
    for action in actions {
      switch action {
      case .run(let command): calls.changes.append(call(command))
      case .runWithFile(let command, let document):
        calls.changes.append(call(command))
        if let source = document.source { calls.reads.append(call(source)) }
      case .read(_, let query, _), .wait(let query, _, _), .require(let query, _): calls.reads.append(call(query))
      case .when(let query, let more), .forEach(_, let query, let more):
        calls.reads.append(call(query))
        let inner = Self.calls(more)
        calls.changes += inner.changes
        calls.reads += inner.reads
        calls.secrets += inner.secrets
      case .webhook(let webhook): calls.secrets.append(webhook.address)
      case .set, .split, .choose, .pause, .given, .mark, .outcome, .outcomeWithout: break
      }
    }
    return calls
  }

  private static func call(_ query: Query) -> Operation.Call { call(query.command) }

  private static func call(_ command: Command) -> Operation.Call {
    func pattern(_ word: Word) -> String {
      word.parts.map { part -> String in
        if case .literal(let text) = part { escaped(text) } else { ".*" }
      }.joined()
    }
    let words = command.words.map(pattern)
    guard case .literal(let program)? = command.words.first?.parts.first else {
      return .init(program: "*", arguments: words.joined(separator: " "))
    }
    // A program of the repository stands behind one name, and its path is its first argument.
    if program.hasPrefix("./") {
      let path = escaped(String(program.dropFirst(2)))
      return .init(program: "repository-program", arguments: "^" + ([path] + words.dropFirst()).joined(separator: " "))
    }
    return .init(program: program, arguments: "^" + words.dropFirst().joined(separator: " "))
  }
}
