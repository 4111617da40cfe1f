import ArgumentParser
import Diagnostics
import Rehearsal
import ReleaseCompiler
import ReleaseModel

struct Rehearse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Runs a release on this machine, against stand-ins of everything that it would talk to, and tells how it ends.",
    discussion: """
      What runs is what is generated: the workflow's jobs in their order, with its scripts, under real bash. az, kubectl, gh, \
      docker, everything that curl reaches and the clock are stand-ins, secrets are invented, and hours take seconds. Nothing \
      real is touched. Programs of the repository are stand-ins, too, that end well; --run-commands runs them as they are.

      Without faults it ends with 0 when the release is promoted; with any, when it ends in a state that a release may be left \
      in: promoted and verified, rolled back and verified, resting at a declared share, or stopped before traffic moved. \
      Otherwise 1. 4: it cannot be rehearsed on this machine.

      bash, curl, jq, openssl and python3 must be installed.
      """)

  enum Form: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "The spec. Without one: release.yaml in this folder.")
  var spec: String?

  @Option(help: "The environment that is released into. Default: the last one that is no hotfix.")
  var environment: String?

  @Option(help: "Rehearses the hotfix way into this environment.")
  var hotfix: String?

  @Option(
    help: """
      The new version is bad: METRIC=VALUE@ONSET or health@ONSET, where ONSET is a share of the traffic (25%) or a time \
      since it first had any (5m), such as error-rate=12%@25%. May be repeated.
      """)
  var bad: [String] = []

  @Option(
    help: """
      Something fails: OPERATION:KIND, such as 'shift to 25 %:hang'. --list-faults prints all of them. May be repeated.
      """)
  var fault: [String] = []

  @Option(help: "The run is cancelled during a step ('25 %') or so long after the beginning (12m).")
  var cancelAt: String?

  @Option(help: "The runner is lost during a step or so long after the beginning.")
  var loseRunnerAt: String?

  @Option(help: "The job's time is up during a step or so long after the beginning.")
  var timeoutAt: String?

  @Flag(help: "Prints every operation and what can happen to it, and runs nothing.")
  var listFaults = false

  @Flag(help: "Runs the repository's own programs as they are. They see invented secrets, but nothing holds them back.")
  var runCommands = false

  @Flag(
    help: """
      Releases for real, from this machine, in real time: the real programs in PATH, the real target, secrets from variables \
      of their names. Traffic moves. No faults can be chosen.
      """)
  var live = false

  @Option(help: "With --live: what is released, such as IMAGE@DIGEST, where no registry is to be asked.")
  var artifact: String?

  @Option(help: "How it is printed.")
  var format: Form = .text

  @Option(help: "The root of the repository. Default: the folder of the spec.")
  var root: String?

  @Option(help: "Keeps everything that the rehearsal left behind in this folder: logs, records, the world's state.")
  var keep: String?

  @Option(help: "Real seconds that one step may take.")
  var limit = 900

  func validate() throws {
    if [cancelAt, loseRunnerAt, timeoutAt].count(where: { $0 != nil }) > 1 {
      throw ValidationError("use only one of --cancel-at, --lose-runner-at and --timeout-at")
    }
    let isDisturbed = !bad.isEmpty || !fault.isEmpty || [cancelAt, loseRunnerAt, timeoutAt].contains { $0 != nil }
    if live, isDisturbed {
      throw ValidationError("--live touches real things: nothing can be made to fail there, and --bad is for stand-ins")
    }
    if artifact != nil, !live {
      throw ValidationError("--artifact goes with --live: stand-ins have an image of their own")
    }
    if environment != nil, hotfix != nil { throw ValidationError("use only one of --environment and --hotfix") }
    if let keep, Files.isThere(keep) { throw ValidationError("\(keep) is there already; name a new folder for --keep") }
  }

  func run() throws {
    let plan = try readPlan()
    let environment = try chosen(plan)
    do {
      let rehearsal = try ReleaseRehearsal(plan: plan, environment: environment, repository: repositoryRoot)
      if live {
        try runLive(rehearsal)
        return
      }
      let operations = try rehearsal.operations()
      if listFaults {
        Terminal.print(Self.list(operations))
        return
      }
      let request = RehearsalRequest(operations: operations, environment: environment)
      var options = ReleaseRehearsal.Options()
      options.bad = try bad.map(request.badVersion)
      options.faults = try fault.flatMap(request.faults)
      options.interruption = try interruption(request)
      options.keepsPrograms = runCommands
      options.limit = limit
      options.keep = keep
      Interruption.watch()
      let report = try rehearsal.run(options) { step in
        if format == .text, step.ended == nil { Terminal.complain("… \(step.jobName): \(step.name)") }
      }
      show(report)
      let isUndisturbed = bad.isEmpty && fault.isEmpty && options.interruption == nil
      let isWell =
        isUndisturbed ? report.ending == .promoted && report.conclusion == .success : report.ending.isDeclared
      if !isWell || !report.problems.isEmpty || !report.leaks.isEmpty { throw ExitCode.findings }
    } catch let problem as UnknownName {
      Terminal.complain("liftlock: \(RehearsalRequest.message(problem))")
      throw ExitCode.usage
    } catch let problem as RequestProblem {
      Terminal.complain("liftlock: \(problem.description)")
      throw ExitCode.usage
    } catch let problem as RehearsalProblem {
      Terminal.complain("liftlock: \(problem.description)")
      throw ExitCode(4)
    }
  }

  private func runLive(_ rehearsal: ReleaseRehearsal) throws {
    let missing = rehearsal.missingSecrets
    if !missing.isEmpty {
      throw RequestProblem("no value for \(missing.joined(separator: ", ")): set them as variables of this shell")
    }
    var options = ReleaseRehearsal.LiveOptions()
    options.artifact = artifact
    options.keep = keep
    Interruption.watch()
    let report = try rehearsal.runLive(options) { step in
      if format == .text, step.ended == nil { Terminal.complain("… \(step.jobName): \(step.name)") }
    }
    show(report)
    if report.ending != .promoted || report.conclusion != .success { throw ExitCode.findings }
  }

  private func show(_ report: RehearsalReport) {
    switch format {
    case .text: Terminal.print(RehearsalText.timeline(report) + "\n" + RehearsalText.summary(report))
    case .json: Terminal.print(RehearsalText.json(report))
    }
  }

  private var path: String { spec ?? "release.yaml" }

  private var repositoryRoot: String {
    if let root { return root }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func readPlan() throws -> ReleasePlan {
    var arguments = SpecArguments()
    arguments.specs = spec.map { [$0] } ?? []
    let checked = try arguments.files().map(ReleaseCompiler.check)
    guard let plan = checked.first?.plan else {
      Findings(format: .text, color: .auto).report(checked)
      throw ExitCode.findings
    }
    return plan
  }

  private func chosen(_ plan: ReleasePlan) throws -> EnvironmentPlan {
    func unknown(_ name: String, _ known: [String], _ what: String) -> ExitCode {
      Terminal.complain("liftlock: \(RehearsalRequest.message(UnknownName(kind: what, name: name, known: known)))")
      return .usage
    }
    if let hotfix {
      let ways = plan.environments.filter(\.isHotfix)
      guard let way = ways.first(where: { $0.name == hotfix || $0.targetName == hotfix }) else {
        throw unknown(hotfix, ways.map(\.targetName), "hotfix way")
      }
      return way
    }
    if let name = environment {
      guard let found = plan.environment(name) else {
        throw unknown(name, plan.environments.map(\.name), "environment")
      }
      return found
    }
    guard let last = plan.targets.last else {
      Terminal.complain("liftlock: the spec has no environments")
      throw ExitCode.findings
    }
    return last
  }

  private func interruption(_ request: RehearsalRequest) throws -> PlannedInterruption? {
    if let cancelAt { return try request.interruption(.cancel, cancelAt) }
    if let loseRunnerAt { return try request.interruption(.loseRunner, loseRunnerAt) }
    if let timeoutAt { return try request.interruption(.timeout, timeoutAt) }
    return nil
  }

  private static func list(_ operations: [Operation]) -> String {
    var lines: [String] = []
    for operation in operations {
      let kinds = operation.kinds.map(\.rawValue).joined(separator: ", ")
      let occasion =
        switch operation.occasion {
        case .always: ""
        case .badVersion: "  (with --bad, or nothing is taken back)"
        case .lostRunner: "  (with --lose-runner-at, or there is nothing to guard)"
        }
      lines.append("\(operation.name): \(kinds)\(occasion)")
    }
    return lines.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.joined(separator: "\n") + "\n"
  }
}
