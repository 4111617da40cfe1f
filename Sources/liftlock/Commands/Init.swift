import ArgumentParser
import Diagnostics
import ReferenceDocs
import ReleaseCompiler
import SpecTemplate

extension TemplateDriver: ExpressibleByArgument {}
extension TemplateStrategy: ExpressibleByArgument {}
extension TemplateTraffic: ExpressibleByArgument {}

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a first spec, complete and without a finding, and says what to do next.",
    discussion: """
      On a terminal it asks what it cannot find out; elsewhere, and with --yes, it never asks and takes the first of each list. \
      The service is called after the repository, or after the folder of the spec; the owner of the image is the repository's on \
      GitHub. Comments in the spec say what is to be replaced. The JSON Schema by which editors complete and check is laid into \
      .liftlock/. A file that is there already stays as it is.
      """)

  @Argument(help: "Where the spec is written; `-` prints it and writes nothing.")
  var file = "release.yaml"

  @Option(help: "The platform that the service runs on.")
  var driver: TemplateDriver?

  @Option(help: "How traffic reaches a new version.")
  var strategy: TemplateStrategy?

  @Option(help: "What splits the traffic of a canary on Kubernetes.")
  var traffic: TemplateTraffic?

  @Option(help: "The name of the service.")
  var service: String?

  @Option(help: "Who owns the repository on GitHub, and the image with it.")
  var owner: String?

  @Option(help: "An environment; default: prod. May be repeated, in the order in which a version goes through them.")
  var environment: [String] = []

  @Option(help: "The branch that releases start from; default: the repository's own.")
  var branch: String?

  @Flag(help: "Asks nothing.")
  var yes = false

  @Flag(help: "Also overwrites a spec that is there already.")
  var force = false

  func validate() throws {
    if let service, let problem = Self.problem(service) { throw ValidationError("--service \(service): \(problem)") }
    for name in environment {
      if let problem = Self.problem(name) { throw ValidationError("--environment \(name): \(problem)") }
    }
    if Set(environment).count < environment.count { throw ValidationError("name each --environment once") }
    if let owner, !Self.isOwner(owner) {
      throw ValidationError("--owner \(owner): write the name of the person or organisation on GitHub, such as acme")
    }
    if let branch, !Self.isBranch(branch) {
      throw ValidationError("--branch \(branch): write the branch as Git calls it, such as main or release/1")
    }
    if let driver, let strategy, !driver.strategies.contains(strategy) {
      throw ValidationError(Self.refusal(driver, strategy))
    }
    if traffic != nil, (driver ?? .kubernetes, strategy ?? .canary) != (.kubernetes, .canary) {
      throw ValidationError("--traffic goes with --driver kubernetes --strategy canary: nothing else is split by it")
    }
  }

  private static func refusal(_ driver: TemplateDriver, _ strategy: TemplateStrategy) -> String {
    let can = driver.strategies.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    let others = TemplateDriver.allCases.filter { $0.strategies.contains(strategy) }.map(\.rawValue)
    return "\(driver.rawValue) cannot do `\(strategy.rawValue)`: \(driver.limit). It can do \(can). "
      + "`\(strategy.rawValue)` is there for \(others.joined(separator: ", "))"
  }

  func run() throws {
    do {
      try write()
    } catch let problem as FileProblem {
      Terminal.complain("liftlock: \(problem)")
      throw ExitCode.usage
    } catch is NoAnswer {
      Terminal.complain("liftlock: there was no answer, and nothing was written")
      throw ExitCode.usage
    }
  }
}

// MARK: - Writing

extension Init {
  private func write() throws {
    let isPrinted = file == "-"
    if !isPrinted, !force, Files.isThere(file) {
      Terminal.complain(
        "liftlock: \(file) is there already, and nothing was written; name another file, or overwrite it with --force")
      throw ExitCode.usage
    }
    let slash = file.lastIndex(of: "/")
    let folder = slash.map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
    let place = try Files.target(of: folder)
    let repository = GitRepository(around: place)
    let home = repository?.root ?? place
    var template = try answers(place, repository)
    let schema = template.schema
    let depth = place.dropFirst(home.count).split(separator: "/").count
    template.schema = String(repeating: "../", count: depth) + schema
    let text = template.text
    // What it writes has to pass what it asks of others.
    let checked = ReleaseCompiler.check(SourceFile(path: file, text: text))
    if !checked.diagnostics.isEmpty {
      Findings(format: .text, color: .auto).report([checked])
      Terminal.complain("liftlock: nothing was written: with these names there is no spec without a finding")
      throw ExitCode.findings
    }
    if isPrinted {
      Terminal.print(text)
      return
    }
    try Files.replace(file, with: text)
    var lines = [
      "created \(file): \(template.service) on \(template.driver.rawValue), \(template.strategy.rawValue), into "
        + template.environments.joined(separator: ", then ")
    ]
    try Files.checkWay(to: schema, below: home)
    let there = try Files.readIfThere(home + "/" + schema)
    if there == nil {
      let tree = try Tree(home)
      try tree.replace(schema, with: JSONSchema.releaseSpec, isExecutable: false)
      try tree.flush()
      lines.append("created \(try shown(home, schema)): by it, editors complete the spec and check it as you type")
    } else if there?.elementsEqual(JSONSchema.releaseSpec.utf8) == false {
      lines.append("kept \(try shown(home, schema)), which is another version's; liftlock schema prints this one's")
    }
    Terminal.print(lines.joined(separator: "\n") + "\n\n" + next(template))
  }

  /// A file of the repository as somebody would name it from here.
  private func shown(_ home: String, _ path: String) throws -> String {
    try Files.target(of: ".") == home ? path : home + "/" + path
  }

  private func next(_ template: SpecTemplate) -> String {
    let spec = file == "release.yaml" ? "" : " " + file
    let steps = [
      (
        "edit \(file)",
        "replace what its comments name" + (template.driver == .command ? ", and write ops/target.sh" : "")
      ),
      ("liftlock check\(spec)", "every problem at once, each with its place and what to write"),
      ("liftlock generate\(spec)", "the workflows, the scripts and the runbook"),
      ("liftlock rehearse\(spec)", "a release on this machine, against stand-ins of everything"),
      ("liftlock doctor\(spec)", "once it is pushed: what GitHub and the target still lack"),
    ]
    let width = steps.map(\.0.count).max() ?? 0
    let lines = steps.map { "  \($0.0)\(String(repeating: " ", count: width - $0.0.count))  \($0.1)\n" }
    return "Next:\n" + lines.joined()
  }
}

// MARK: - Answers

extension Init {
  private struct NoAnswer: Error {}

  private func answers(_ place: String, _ repository: GitRepository?) throws -> SpecTemplate {
    let isHome = repository.map { $0.root == place } ?? true
    let folder = place.split(separator: "/").last.map(String.init)
    let found = (isHome ? repository?.name : nil).flatMap(Self.name) ?? folder.flatMap(Self.name)
    guard let service = try service ?? found ?? asked("What is the service called", standard: nil, Self.problem) else {
      Terminal.complain("liftlock: this folder has no name that a service could have; add --service NAME")
      throw ExitCode.usage
    }
    var template = SpecTemplate(service: service)
    // Only a canary on Kubernetes has something that splits its traffic.
    let driver =
      try self.driver ?? (traffic == nil ? nil : .kubernetes)
      ?? chosen("Where does \(service) run?", TemplateDriver.allCases.map { ($0, $0.summary) })
    template.driver = driver ?? .kubernetes
    let strategies = template.driver.strategies
    let strategy =
      try self.strategy ?? (traffic == nil ? nil : .canary)
      ?? chosen("How does traffic reach a new version?", strategies.map { ($0, $0.summary) })
    template.strategy = strategy ?? strategies[0]
    // The platform may have been chosen just now.
    guard strategies.contains(template.strategy) else {
      Terminal.complain("liftlock: \(Self.refusal(template.driver, template.strategy))")
      throw ExitCode.usage
    }
    if template.driver == .kubernetes, template.strategy == .canary {
      let traffic =
        try self.traffic ?? chosen("What splits the traffic?", TemplateTraffic.allCases.map { ($0, $0.summary) })
      template.traffic = traffic ?? .gatewayAPI
    }
    template.environments = try environments()
    template.owner = try (owner ?? repository?.owner ?? askedOwner())?.lowercased()
    if let branch = branch ?? repository?.branch, Self.isBranch(branch) { template.branch = branch }
    return template
  }

  private func environments() throws -> [String] {
    if !environment.isEmpty { return environment }
    let answer = try asked("Through which environments does a version go, in order", standard: "prod") { answer in
      let names = answer.split(separator: " ").map(String.init)
      if Set(names).count < names.count { return "name each once" }
      return names.compactMap(Self.problem).first
    }
    return answer.map { $0.split(separator: " ").map(String.init) } ?? ["prod"]
  }

  /// `nil`: the spec says that it has to be replaced.
  private func askedOwner() throws -> String? {
    let later = "to be replaced"
    let answer = try asked("Who owns the repository on GitHub", standard: later) { answer in
      Self.isOwner(answer) ? nil : "write the name of the person or organisation, such as acme"
    }
    return answer == later ? nil : answer
  }

  private var mayAsk: Bool { !yes && Question.canBeAsked }

  private func asked(_ question: String, standard: String?, _ problem: (String) -> String?) throws -> String? {
    guard mayAsk else { return nil }
    guard let answer = Question.ask(question, standard: standard, problem: problem) else { throw NoAnswer() }
    return answer
  }

  private func chosen<Choice: RawRepresentable<String>>(
    _ question: String, _ choices: [(choice: Choice, summary: String)]
  ) throws -> Choice? {
    guard mayAsk, choices.count > 1 else { return nil }
    let named = choices.map { (name: $0.choice.rawValue, summary: $0.summary) }
    guard let name = Question.choose(question, among: named) else { throw NoAnswer() }
    return Choice(rawValue: name)
  }
}

// MARK: - Names

extension Init {
  /// What is wrong with the name of a service or an environment.
  private static func problem(_ name: String) -> String? {
    let near = self.name(from: name)
    if near == name { return nil }
    return "write lower-case letters, digits and hyphens, starting with a letter"
      + (near.map { ", such as `\($0)`" } ?? "")
  }

  /// The nearest thing to a text that is a name.
  private static func name(from text: String) -> String? {
    var name: [UInt8] = []
    for byte in text.lowercased().utf8 {
      let isLetter = (97...122).contains(byte)
      if isLetter || (48...57).contains(byte) && !name.isEmpty {
        name.append(byte)
      } else if !name.isEmpty, name.last != UInt8(ascii: "-") {
        name.append(UInt8(ascii: "-"))
      }
    }
    name = Array(name.prefix(63))
    while name.last == UInt8(ascii: "-") { name.removeLast() }
    return name.isEmpty ? nil : String(decoding: name, as: UTF8.self)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
  }

  private static func isOwner(_ name: String) -> Bool {
    guard let first = name.utf8.first, isWord(first) else { return false }
    return name.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isBranch(_ name: String) -> Bool {
    guard let first = name.utf8.first, isWord(first) else { return false }
    return name.utf8.allSatisfy { isWord($0) || "-._/".utf8.contains($0) }
  }
}
