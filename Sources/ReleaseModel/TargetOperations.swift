/// Everything that a rollout does to one target, filled in by its driver.
///
/// What the engine relies on: after `shift`, `liveWeight` answers the weight that was set; `undo` is right from every state
/// between the first write of the marker and the end of `finish`, and right again when it is repeated.
public struct TargetOperations: Sendable {
  /// Programs that must be there, besides bash, jq and curl.
  public var tools: [String]
  /// What the target is called, for people: `Container App trade-nexus-backend`.
  public var title: String
  /// What a version is called there, for people: `revision`.
  public var versionNoun: String
  /// Read-only: the target answers, and is set up so that a rollout can work.
  public var preflight: [Action]
  /// Sets `PREVIOUS` to the version that is live now; leaves it empty when there is none (a first release).
  public var findLive: [Action]
  /// Sets `PREVIOUS` from the target's own history, for a rollback that finds no marker. `nil`: it has no history.
  public var findPrevious: [Action]?
  /// Brings the candidate up without traffic and sets `CANDIDATE`.
  public var deploy: [Action]
  /// Waits until the candidate can serve.
  public var ready: [Action]
  /// Sets `CANDIDATE_URL`; empty where the candidate has no address of its own.
  public var address: [Action]
  /// Gives `WEIGHT` percent to the candidate and `REMAINDER` to the previous version.
  public var shift: [Action]
  /// Answers the candidate's weight in percent as an integer.
  public var liveWeight: Query
  /// Makes the candidate the only version, once it has proved itself.
  public var finish: [Action]
  /// Makes sure that the previous version can serve, before it gets the traffic.
  public var activatePrevious: [Action]
  /// Gives all traffic to the previous version.
  public var undo: [Action]
  /// Answers `true` when the previous version has all traffic.
  public var undone: Query
  /// Brings the previous version up beside the live one, without traffic, so that `shift` can give it its share step by
  /// step. `nil`: this target goes back in one step only.
  public var prepareReverse: [Action]?
  /// Tells somebody else that the previous version is back, and hears whether they agree.
  public var confirmUndo: [Action]
  /// Takes away what a rollback leaves over, after traffic is safe.
  public var cleanUp: [Action]
  /// Prints a JSON object whose keys include the marker's.
  public var readMarker: Query
  /// Writes marker fields; the fields follow as words made by `markerWord`.
  public var writeMarker: Command
  /// Sets `TARGET_ID` and whatever else the marker commands need.
  public var identify: [Action]
  /// What stands before a marker field's name on the target: `liftlock-` or `liftlock.dev/`.
  public var markerPrefix: String
  /// How the fields follow behind `writeMarker`.
  public var markerWords: MarkerWords
  /// The metric label of the candidate while both versions run, and of the version that stays.
  public var tracks: Tracks

  public struct Tracks: Sendable {
    public var candidate: String
    public var stable: String
    public init(candidate: String, stable: String) {
      self.candidate = candidate
      self.stable = stable
    }
  }

  public enum MarkerWords: Sendable {
    /// `FIELD=VALUE`
    case plain
    /// `--raw-field payload[FIELD]=VALUE`, as `gh api` nests them.
    case payload
  }

  public init(
    tools: [String], title: String, versionNoun: String, preflight: [Action], findLive: [Action],
    findPrevious: [Action]?, deploy: [Action], ready: [Action], address: [Action], shift: [Action], liveWeight: Query,
    finish: [Action], activatePrevious: [Action], undo: [Action], undone: Query, cleanUp: [Action], readMarker: Query,
    writeMarker: Command, identify: [Action], markerPrefix: String, tracks: Tracks, prepareReverse: [Action]? = nil,
    confirmUndo: [Action] = [], markerWords: MarkerWords = .plain
  ) {
    self.tools = tools
    self.title = title
    self.versionNoun = versionNoun
    self.preflight = preflight
    self.findLive = findLive
    self.findPrevious = findPrevious
    self.deploy = deploy
    self.ready = ready
    self.address = address
    self.shift = shift
    self.liveWeight = liveWeight
    self.finish = finish
    self.activatePrevious = activatePrevious
    self.undo = undo
    self.undone = undone
    self.cleanUp = cleanUp
    self.readMarker = readMarker
    self.writeMarker = writeMarker
    self.identify = identify
    self.markerPrefix = markerPrefix
    self.tracks = tracks
    self.prepareReverse = prepareReverse
    self.confirmUndo = confirmUndo
    self.markerWords = markerWords
  }
}

extension TargetOperations {
  /// How people write a version, such as `blue=IMAGE or green=IMAGE`; a version of one part is what `versionNoun` says.
  public var versionForm: String {
    let isPair = findLive.contains { action in
      if case .set(.previous, let word) = action {
        word.parts == (Word(.place) + "=" + Word(.image)).parts
      } else {
        false
      }
    }
    guard isPair else { return versionNoun }
    let places = findLive.lazy.compactMap { action -> [String]? in
      if case .choose(_, .place, let choices, _) = action { choices.map(\.value) } else { nil }
    }.first
    return (places ?? ["NAME"]).map { "\($0)=IMAGE" }.joined(separator: " or ")
  }

  /// Whether the way back is a webhook, which may be missing, and which not every receiver lets be called twice.
  public var undoCallsWebhook: Bool { undo.contains { if case .webhook = $0 { true } else { false } } }
}

/// What a driver can do with a target as a spec set it up, for the rules.
public struct TargetCapabilities: Sendable {
  /// Which shares of the traffic a version can have besides none and all.
  public enum Weights: Sendable, Equatable {
    case none
    /// Every whole percent.
    case any
    /// These percents; `else` says what to write to get another.
    case only([Int], else: String)
  }

  public var weights: Weights
  /// Whether the candidate can be probed before it has traffic.
  public var candidateAddress: Bool
  /// Whether both versions are measured apart while both take traffic.
  public var separateTracks: Bool
  /// Whether weights between the previous version and the candidate can be set after `finish`, too.
  public var reverseStages: Bool
  /// Whether the candidate stands complete beside the previous version, so that one call switches between them.
  public var instantSwitch: Bool
  /// Whether the marker is kept on GitHub, because the target has no place for it: the jobs need `deployments: write`.
  public var markerOnGitHub: Bool
  /// Strategies that this target cannot do as it is set up, with what to write instead.
  public var refused: [Rollout.Strategy: String]

  /// Whether traffic can be split at all.
  public var weightedTraffic: Bool { weights != .none }

  public init(
    weights: Weights, candidateAddress: Bool, separateTracks: Bool, reverseStages: Bool = false,
    instantSwitch: Bool = false, markerOnGitHub: Bool = false, refused: [Rollout.Strategy: String] = [:]
  ) {
    self.weights = weights
    self.candidateAddress = candidateAddress
    self.separateTracks = separateTracks
    self.reverseStages = reverseStages
    self.instantSwitch = instantSwitch
    self.markerOnGitHub = markerOnGitHub
    self.refused = refused
  }
}

/// How a workflow logs in to where the target lives.
public enum TargetLogin: Sendable {
  /// OIDC through azure/login, with the names of the secrets that hold the three identifiers.
  case azure(client: String, tenant: String, subscription: String)
  /// A kubeconfig in a secret, written to a private file by the scripts themselves.
  case kubeconfig(secret: String)
  case none

  /// How long a login is good for, less five minutes; `nil`: as long as it takes.
  /// Source: Microsoft's docs, "Configurable token lifetimes": between 60 and 90 minutes, drawn for each token.
  public var lifetime: TimeSpan? {
    if case .azure = self { return .minutes(55) }
    return nil
  }

  public var secrets: [String] {
    switch self {
    case .azure(let client, let tenant, let subscription): [client, tenant, subscription]
    case .kubeconfig(let secret): [secret]
    case .none: []
    }
  }
}

/// A target as a driver described it.
public struct DeployTarget: Sendable {
  public let driver: String
  public let login: TargetLogin
  public let capabilities: TargetCapabilities
  public let operations: TargetOperations
  public let platform: TargetPlatform
  /// Secrets beyond the login's that the operations read from the environment.
  public let secrets: [String]

  public init(
    driver: String, login: TargetLogin, capabilities: TargetCapabilities, operations: TargetOperations,
    platform: TargetPlatform, secrets: [String] = []
  ) {
    self.platform = platform
    self.driver = driver
    self.login = login
    self.capabilities = capabilities
    self.operations = operations
    self.secrets = secrets
  }
}
