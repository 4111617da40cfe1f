import ReleaseModel
import SpecShape

/// Programs of the repository: for platforms that no other driver knows.
///
/// One program is called with a verb and arguments; what it must do for each is documented on the fields of the shape.
enum CommandDriver {
  static let variant = Variant<DriverChoice>(
    "command", "A program of the repository that does each operation.",
    Shape.object(
      "command",
      "A program of the repository. It is called as `PROGRAM live | history | deploy ARTIFACT NAME | ready VERSION | "
        + "address VERSION | shift VERSION PERCENT PREVIOUS | weight VERSION | activate VERSION | finish VERSION | "
        + "undo PREVIOUS | marker | mark KEY=VALUE…`. Answers are JSON on standard output: `live`, `history`, `deploy` and "
        + "`address` print a string or null, `ready` true or false, `weight` whole percents, `marker` an object.",
      .required("run", .repositoryPath, "The program.", example: "ops/target.sh"),
      .defaulted(
        "weighted", .boolean, to: true, shown: "true", "Whether `shift` can split traffic, or only take 0 and 100."),
      .defaulted(
        "secrets", Shape<String>.reference.list(), to: [], shown: "[]", "Secrets that it needs.",
        example: "[DEPLOY_TOKEN]")
    ) { _, program, weighted, secrets in
      DriverChoice(driver: "command") { _ in target(program, weighted, secrets) }
    })

  private static func target(_ program: String, _ weighted: Bool, _ secrets: [String]) -> DeployTarget {
    let path = Word("./\(program)")
    func call(_ words: Word...) -> Command { Command(words: [path] + words) }
    func ready(_ version: RuntimeVariable, _ what: String) -> Action {
      .wait(until: Query(call("ready", Word(version)), ". == true"), limit: .minutes(10), what: what)
    }
    return DeployTarget(
      driver: "command", login: .none,
      capabilities: TargetCapabilities(
        weights: weighted ? .any : .none, candidateAddress: true, separateTracks: true, instantSwitch: true),
      operations: TargetOperations(
        tools: [], title: "the target of \(program)", versionNoun: "version",
        preflight: [.require(Query(call("marker"), "type == \"object\""), orFail: "\(program) marker did not answer")],
        findLive: [.read(.previous, Query(call("live"), ". // empty"), missing: nil)],
        findPrevious: [
          .read(.previous, Query(call("history"), ". // empty"), missing: "\(program) knows no version before this one")
        ],
        deploy: [
          .read(
            .candidate, Query(call("deploy", Word(.artifact), Word(.runName)), ". // empty"),
            missing: "\(program) deploy named no version")
        ],
        ready: [ready(.candidate, "the new version is ready")],
        address: [.read(.candidateURL, Query(call("address", Word(.candidate)), ". // empty"), missing: nil)],
        shift: [.run(call("shift", Word(.candidate), Word(.weight), Word(.previous)))],
        liveWeight: Query(call("weight", Word(.candidate)), "."),
        finish: [.run(call("finish", Word(.candidate)))],
        activatePrevious: [
          .run(call("activate", Word(.previous))), ready(.previous, "the previous version is ready"),
        ],
        undo: [.run(call("undo", Word(.previous)))],
        undone: Query(call("weight", Word(.previous)), ". == 100"),
        cleanUp: [],
        readMarker: Query(call("marker"), "."), writeMarker: call("mark"), identify: [], markerPrefix: "liftlock-",
        tracks: .init(candidate: "candidate", stable: "stable")),
      platform: .program(path: program), secrets: secrets)
  }
}
