/// A program call, typed: the workflow, the scripts and the runbook all print this one value.
public struct Command: Hashable, Sendable {
  public let words: [Word]

  public init(_ words: Word...) { self.words = words }
  public init(words: [Word]) { self.words = words }

  /// The same call with more words behind it.
  public func appending(_ more: Word...) -> Command { Command(words: words + more) }
}

/// One word of a command line; its parts are joined without a space.
public struct Word: Hashable, Sendable, ExpressibleByStringLiteral {
  public enum Part: Hashable, Sendable {
    case literal(String)
    case variable(RuntimeVariable)
  }

  public let parts: [Part]

  public init(parts: [Part]) { self.parts = parts }
  public init(stringLiteral value: String) { self.parts = [.literal(value)] }
  public init(_ text: String) { self.parts = [.literal(text)] }
  public init(_ variable: RuntimeVariable) { self.parts = [.variable(variable)] }

  public static func + (left: Word, right: Word) -> Word { Word(parts: left.parts + right.parts) }
}

/// A value that only the run knows.
public enum RuntimeVariable: String, Hashable, Sendable, CaseIterable {
  /// What is deployed: the image with its digest, or the commit.
  case artifact = "ARTIFACT"
  /// The version that takes over: a revision, a deployment's image.
  case candidate = "CANDIDATE"
  /// The version that was live before.
  case previous = "PREVIOUS"
  /// The candidate's share of the traffic in percent, 0…100.
  case weight = "WEIGHT"
  /// The previous version's share, 100 − weight.
  case remainder = "REMAINDER"
  /// A short name, unique to this run and attempt, that every platform accepts in resource names.
  case runName = "RUN_NAME"
  /// The address of the candidate itself, without the traffic split.
  case candidateURL = "CANDIDATE_URL"
  /// The identifier of the target in its platform.
  case targetID = "TARGET_ID"
  /// The version that a metric is asked for.
  case version = "VERSION"
  /// The label that tells that version's series from the other's.
  case track = "TRACK"
  /// The length of a query's window, in seconds with the letter: `300s`.
  case window = "WINDOW"
  /// The window's first and last moment, ISO 8601 in UTC.
  case windowStart = "WINDOW_START"
  case windowEnd = "WINDOW_END"
  /// The two parts of a version that is a place and an image: `green=ghcr.io/acme/api@sha256:…`.
  case place = "VERSION_PLACE"
  case image = "VERSION_IMAGE"
  /// The deployment that an operation works on.
  case deployment = "DEPLOYMENT"
  /// How many replicas it gets.
  case replicas = "REPLICAS"
  /// A change of an object, as JSON.
  case patch = "PATCH"
  /// The file that an operation applies.
  case manifest = "MANIFEST"
  /// The weight and the status of a Traffic Manager endpoint.
  case share = "SHARE"
  case endpointStatus = "ENDPOINT_STATUS"
  /// The host name of a container group.
  case host = "HOST"
  /// Another version, or what it runs in, one after the other.
  case other = "OTHER"
  /// Owner and name of the repository on GitHub.
  case repository = "REPOSITORY"
  /// The environment whose target it is: that of a hotfix is the one that it goes into.
  case environment = "TARGET_ENVIRONMENT"
  /// The commit that the run is for.
  case commit = "COMMIT"

  /// What a person reads in its place in a runbook.
  public var placeholder: String {
    switch self {
    case .artifact: "<image-with-digest>"
    case .candidate: "<new-version>"
    case .previous: "<previous-version>"
    case .weight: "<percent-for-the-new-version>"
    case .remainder: "<percent-for-the-previous-version>"
    case .runName: "<name-of-this-run>"
    case .candidateURL: "<address-of-the-new-version>"
    case .targetID: "<resource-id>"
    case .version: "<version>"
    case .track: "<track>"
    case .window: "<window>"
    case .windowStart: "<from>"
    case .windowEnd: "<until>"
    case .place: "<place>"
    case .image: "<image>"
    case .deployment: "<deployment>"
    case .replicas: "<replicas>"
    case .patch: "<patch>"
    case .manifest: "<manifest>"
    case .share: "<endpoint-weight>"
    case .endpointStatus: "<endpoint-status>"
    case .host: "<host-name>"
    case .other: "<other>"
    case .repository: "<owner>/<repository>"
    case .environment: "<environment>"
    case .commit: "<commit>"
    }
  }
}
