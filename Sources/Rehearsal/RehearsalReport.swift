import GitHubWorkflow
import ReleaseModel

/// What a rehearsal came to.
public struct RehearsalReport: Sendable {
  public let service: String
  public let environment: String
  /// Whether it was done for real.
  public let isLive: Bool
  public let ending: Ending
  /// Why it is in no declared state, or what else a person should see.
  public internal(set) var remarks: [String] = []
  /// Milliseconds since 1970.
  public let start: Int
  public let end: Int
  /// The share of the new version at the end, in percent.
  public let weight: Double
  public let versions: [String: Double]
  /// What stands on the target, by field.
  public let marker: [String: String]
  /// The record's own words: its result, and the state that it says the target is in.
  public let records: [Record]
  public let steps: [StepReport]
  public let jobs: [WorkflowRun.JobRecord]
  public let conclusion: Conclusion
  public let moments: [Moment]
  /// Who was told of what, and who could not be.
  public let told: [String]
  public let untold: [String]
  /// What a person types when the release is left in no declared state.
  public let byHand: String?
  /// Secrets that were seen where no secret may be, by place.
  public let leaks: [String]
  /// What the stand-ins did not foresee.
  public let problems: [String]
  /// Programs of the repository that were not run.
  public let standIns: [String]
  public let output: String
  /// Whether the rollback by hand, when it was needed and tried, brought the version before back.
  public internal(set) var isTakenBackByHand: Bool?

  public struct Record: Sendable {
    public let job: String
    /// `release` or `rollback`.
    public let kind: String
    public let result: String
    public let state: String
    public let reason: String
  }

  /// Something that happened.
  public struct Moment: Sendable {
    public enum Kind: String, Sendable { case journal, traffic, error }
    /// Milliseconds since 1970.
    public let at: Int
    /// The step in which it happened, counted from 0 among those that ran.
    public let step: Int
    public let kind: Kind
    /// The journal's word for it: `shifted`, `held`, `stopped`.
    public let event: String
    public let text: String
    /// The share of the new version, where this changed it.
    public let weight: Double?
  }

  /// What was seen of the target and of everything around it.
  struct Observation {
    var start: Int
    var end: Int
    /// What the stand-ins did not foresee.
    var problems: [String] = []
    /// The fields of the note on the target.
    var marker: [String: String]
    /// Every state that the traffic had: when it began, and the shares of the versions.
    var traffic: [(at: Int, shares: [String: Double])]
    /// The run's own name, as it is noted on the target.
    var run: String
    var standIns: [String] = []
    var leaks: [String] = []
  }

  init(
    plan: ReleasePlan, environment: EnvironmentPlan, runner: WorkflowRunner, run: WorkflowRun, seen: Observation
  ) {
    service = plan.service
    self.environment = environment.name
    isLive = runner.stage.world == nil
    steps = runner.steps
    jobs = run.jobs
    conclusion = run.conclusion
    output = runner.output
    standIns = seen.standIns
    start = seen.start
    end = seen.end
    problems = seen.problems
    marker = seen.marker
    leaks = seen.leaks
    let stage = runner.stage

    let rows = seen.traffic
    versions = rows.last?.shares ?? [:]
    weight = versions[Scenario.candidate] ?? 0
    let hasMoved = rows.contains { ($0.shares[Scenario.candidate] ?? 0) > 0 }
    var moments: [Moment] = []

    // Journals
    var told: [String] = []
    var untold: [String] = []
    var rollbackFailed = false
    var unverified = false
    var records: [Record] = []
    for job in run.jobs {
      for (path, text) in stage.texts(under: [stage.runnerTemporary(job.id)]).sorted(by: { $0.key < $1.key })
      where path.contains("/evidence/") && path.hasSuffix(".json") {
        guard let record = try? JSON(parsing: text) else { continue }
        records.append(
          Record(
            job: job.id, kind: record["kind"].string ?? "", result: record["result"].string ?? "",
            state: record["target"].string ?? "", reason: record["reason"].string ?? ""))
      }
    }
    var seenRows = 1
    var lastShare = 0.0
    for (index, step) in runner.steps.enumerated() {
      var own: [Moment] = []
      var event = ""
      for line in step.journal {
        guard let entry = try? JSON(parsing: line), entry["run"].string == seen.run else { continue }
        let name = entry["event"].string ?? ""
        let text = entry["text"].string ?? ""
        switch name {
        case "tell": event = String(text.prefix { $0 != ":" })
        case "told": told.append("\(text.hasSuffix(" was told") ? String(text.dropLast(9)) : text): \(event)")
        case "untold": untold.append("\(event): \(text)")
        case "rollback-failed": rollbackFailed = true
        case "rolled-back":
          rollbackFailed = false
          unverified = text.contains("does not pass")
        default: break
        }
        if event == "rollback-failed", name == "tell" { rollbackFailed = true }
        let at = secondsOf(entry["at"].string ?? "") * 1000
        own.append(Moment(at: at, step: index, kind: .journal, event: name, text: text, weight: nil))
      }
      let rest = rows.dropFirst(seenRows)
      // Several steps of a world can be of one moment; where things are real, moments tell them apart.
      let changes =
        step.trafficChanges.map { rest.prefix(max(0, ($0[plan.service] ?? 1) - seenRows)) }
        ?? rest.prefix { $0.at <= step.ended ?? step.began }
      seenRows += changes.count
      for row in changes {
        let share = row.shares[Scenario.candidate] ?? 0
        let at = row.at
        let text = "\(shortNumber(share)) % of the traffic is with the new version"
        if share == lastShare { continue }
        lastShare = share
        own.append(Moment(at: at, step: index, kind: .traffic, event: "traffic", text: text, weight: share))
      }
      for line in step.output.split(separator: "\n") {
        guard let range = line.firstRange(of: "ERROR: "), !line.hasPrefix("::") else { continue }
        // `HH:MM:SS  ERROR: …`, as scripts say it.
        let at = Self.clock(line).map { Self.near($0, step.began) } ?? step.ended ?? step.began
        let text = String(line[range.upperBound...])
        if own.contains(where: { $0.text == text }) { continue }
        own.append(Moment(at: at, step: index, kind: .error, event: "error", text: text, weight: nil))
      }
      moments += own.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }
    self.told = told
    self.untold = untold
    self.records = records
    self.moments = moments

    // The ending
    let note = marker["state"] ?? ""
    let isOurs = marker["run"] == seen.run
    let before = versions[Scenario.before] ?? 0
    if isOurs, note == "promoted", weight >= 100 {
      ending = .promoted
    } else if isOurs, note == "rolled-back", weight == 0, before >= 100, !unverified, !rollbackFailed {
      ending = .rolledBack
    } else if isOurs, note == "resting", marker["weight"] == shortNumber(weight), !(marker["rest-until"] ?? "").isEmpty
    {
      ending = .resting
    } else if !hasMoved, weight == 0, before >= 100, !isOurs || note == "rolled-back" {
      ending = .stopped
    } else {
      ending = .undeclared
    }
    if ending == .undeclared {
      let line = "the marker says \(note.isEmpty ? "nothing" : "“\(note)”")\(isOurs ? "" : " of another run")"
      remarks.append("\(line), and the new version has \(shortNumber(weight)) % of the traffic")
      if unverified { remarks.append("the version before has the traffic but does not pass its checks") }
    }
    byHand =
      ending == .undeclared && environment.spec.rollback != nil
      ? "ops/\(plan.service)/\(environment.targetName)/rollback.sh --reason '…'" : nil
    for step in runner.steps {
      guard let limit = step.limit, let ended = step.ended, step.interruption == nil,
        ended - step.began > limit * 60_000
      else { continue }
      remarks.append("“\(step.name)” took longer than the \(limit) minutes that its step has")
    }
  }

  /// Where a secret, or the run's own token, stands that nobody should have written down.
  static func leaks(
    _ scenario: Scenario, _ stage: Stage, _ runner: WorkflowRunner, _ world: World, jobs: [String]
  ) throws -> [String] {
    var texts = stage.texts(under: [stage.temporary, stage.checkout] + jobs.map(stage.runnerTemporary))
    // A script that is killed cannot take its private file away; GitHub empties the folder with the job.
    if runner.steps.contains(where: \.wasKilled) {
      texts = texts.filter { path, _ in
        let name = path.split(separator: "/").last ?? ""
        return !(name.hasPrefix("liftlock.") && Machine.isPrivate(path))
      }
    }
    texts["the output"] = runner.output
    texts["the summary"] = runner.summary
    texts["a command line"] = try world.calls.filter { $0["command"] != "http" }
      .map { $0["args"].elements.compactMap(\.string).joined(separator: " ") }.joined(separator: "\n")
    if let log = stage.watch["ARGUMENTS_LOG"] { texts["the arguments of a process"] = try Machine.text(of: log) }
    var leaks: [String] = []
    for secret in scenario.marks + [WorkflowRunner.token] {
      let name = scenario.secrets.first { $0.value.contains(secret) }?.key ?? "the run's token"
      for (place, text) in texts.sorted(by: { $0.key < $1.key }) where text.contains(secret) {
        leaks.append(
          "\(name) in \(place.hasPrefix(stage.base) ? String(place.dropFirst(stage.base.count + 1)) : place)")
      }
    }
    return leaks
  }

  /// The time of day of a line, in milliseconds.
  private static func clock(_ line: Substring) -> Int? {
    let parts = line.prefix(8).split(separator: ":").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000
  }

  /// The moment with this time of day that is next after another.
  private static func near(_ clock: Int, _ began: Int) -> Int {
    if clock > 86_400_000 { return clock }
    let day = began / 86_400_000 * 86_400_000
    let at = day + clock
    return at < began / 1000 * 1000 ? at + 86_400_000 : at
  }
}

/// Seconds since 1970 of `2026-06-02T09:00:00Z`.
func secondsOf(_ text: String) -> Int {
  let parts = text.split(whereSeparator: { "-T:Z".contains($0) }).compactMap { Int($0) }
  guard parts.count == 6 else { return 0 }
  let day = CalendarDay(year: parts[0], month: parts[1], day: parts[2]).number1970
  return day * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
}

extension RehearsalReport.Observation {
  /// What the world of stand-ins has seen.
  init(
    _ world: World, _ plan: ReleasePlan, _ environment: EnvironmentPlan, _ scenario: Scenario, _ runner: WorkflowRunner,
    _ run: WorkflowRun
  ) throws {
    let state = try world.state
    let start = Int(state["start"].number ?? 0)
    let rows = try world.traffic.filter { $0["service"] == .string(plan.service) }
    self.init(
      start: start, end: try world.clock,
      problems: try world.problems.split(separator: "\n").map(String.init)
        .reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
      marker: TargetNotes(environment).read(state),
      traffic: rows.map { row in
        let shares = row["shares"].elements.map { ($0["version"].string ?? "", $0["weight"].number ?? 0) }
        return (start + Int(max(0, row["elapsed"].number ?? 0) * 1000), Dictionary(shares) { $0 + $1 })
      },
      run: "\(Scenario.run)-1", standIns: scenario.programs,
      leaks: try RehearsalReport.leaks(scenario, runner.stage, runner, world, jobs: run.jobs.map(\.id)))
  }
}

/// What a release notes on its target, read from the world's state.
struct TargetNotes {
  private let environment: EnvironmentPlan

  init(_ environment: EnvironmentPlan) { self.environment = environment }

  func read(_ state: JSON) -> [String: String] {
    let prefix = environment.operations.markerPrefix
    var fields: [String: String] = [:]
    for (key, value) in notes(state) where key.hasPrefix(prefix) {
      fields[String(key.dropFirst(prefix.count))] = value.string ?? ""
    }
    return fields
  }

  private func notes(_ state: JSON) -> [String: JSON] {
    switch environment.spec.target.platform {
    case .containerApp(let name, _): return state["azure"]["apps"][name]["tags"].members
    case .containerGroups(let groups):
      if let manager = groups.manager { return state["azure"]["traffic_managers"][manager.profile]["tags"].members }
      return state["azure"]["containers"][groups.name]["tags"].members
    case .kubernetes(let objects):
      let place: String
      switch objects.arrangement {
      case .one(let name), .canary(let name, _, _, _): place = "Deployment/\(objects.namespace)/\(name)"
      case .blueGreen(let service, _, _, _, _, _): place = "Service/\(objects.namespace)/\(service)"
      }
      return state["kubernetes"]["objects"][place]["metadata"]["annotations"].members
    case .webhooks:
      let marks = state["github"]["deployments"].elements.filter {
        $0["task"] == "liftlock-marker" && $0["environment"] == .string(environment.targetName)
      }
      return marks.reduce(into: [:]) { result, mark in result.merge(mark["payload"].members) { $1 } }
    case .program(let path): return state["programs"][path]["target"]["marker"].members
    }
  }
}
