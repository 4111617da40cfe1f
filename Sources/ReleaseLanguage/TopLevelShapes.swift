import Diagnostics
import ReleaseModel
import SpecShape
import YAMLDocument

enum RoleShape {
  /// A user, or a team with its organisation. GitHub shows both with an `@` that is no part of the name.
  private static let reviewer = Shape<String>.matching(
    "^[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$",
    "the name of a GitHub user or `organisation/team`, without `@`"
  ) { text in
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count <= 2
      && parts.enumerated().allSatisfy { index, part in
        part.first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
          && part.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || (index == 1 && $0 == "."))
          }
      }
  }

  static let shape = Shape<Role>.object(
    "role", "People with one duty in a release.",
    .optional("title", .line, "What the role is called for people.", example: "Service owner"),
    .required(
      "reviewers", reviewer.located.list(atLeast: 1),
      "GitHub users, or teams as `organisation/team`, of whom any one can act for the role.",
      example: "[acme/owners]"),
    .optional(
      "members", reviewer.located.list(atLeast: 1),
      "GitHub users who are in those teams, for what a workflow has to judge: its token may not ask who is in a team.",
      example: "[ada, grace]"),
    .optional(
      "duty", .line, "What the role does in a release; it stands in the runbook.",
      example: "Approves production and decides on a rollback.")
  ) { span, title, reviewers, members, duty in
    Role(title: title, reviewers: reviewers, members: members ?? [], duty: duty, span: span)
  }
}

enum SecretShape {
  static let shape = Shape<Secret>.object(
    "secret", "A value that GitHub keeps for an environment. Only its name ever stands in a file.",
    .required(
      "in", Shape<String>.reference.located.oneOrMany(), "The environments that have it.", example: "[staging, prod]"),
    .required("purpose", .line, "What it is for.", example: "metric queries"),
    .defaulted(
      "risk", .choice([("standard", .standard), ("high", .high)]), to: .standard, shown: "standard",
      "`high` for credentials that could change or read everything."),
    .optional("rotate", Shape<TimeSpan>.timeSpan.located, "How often it is replaced.", example: "90d"),
    .defaulted("optional", .boolean, to: false, shown: "false", "Whether a release can do without it."),
    .optional(
      "without", .line, "What happens without it, when it is optional.",
      example: "The announcement is written to the job summary only.")
  ) { span, environments, purpose, risk, rotation, isOptional, without in
    Secret(
      environments: environments, purpose: purpose, risk: risk, rotation: rotation, isOptional: isOptional,
      without: without, span: span)
  }
}

enum ArtifactShape {
  private static let image = Shape<String>.matching(
    "^[a-z0-9][a-z0-9.:/_-]*$", "an image name without tag or digest, such as `ghcr.io/acme/api`"
  ) { text in
    guard let last = text.split(separator: "/").last, !last.contains(":"), !text.contains("@") else { return false }
    return text.utf8.first.map { (97...122).contains($0) || (48...57).contains($0) } == true
      && text.utf8.allSatisfy {
        (97...122).contains($0) || (48...57).contains($0) || [46, 47, 58, 95, 45].contains($0)
      }
  }

  private static let build = Shape<Artifact.Build>.object(
    "build", "How the image is built, once, for the commit.",
    .defaulted("context", .scalarPath, to: ".", shown: ".", "The folder that is sent to the builder."),
    .defaulted("dockerfile", .repositoryPath, to: "Dockerfile", shown: "Dockerfile", "The Dockerfile.")
  ) { _, context, dockerfile in Artifact.Build(context: context, dockerfile: dockerfile) }

  private static let registry = Shape<Artifact.Registry>.object(
    "registry", "How to log in to where the image is kept.", exactlyOneOf: [["azure", "github"]],
    .optional("azure", .resourceName, "The name of an Azure Container Registry.", example: "acmeregistry"),
    .optional(
      "github", .choice([("packages", true)]), "GitHub Packages, with the workflow's own token.", example: "packages")
  ) { _, azure, _ in azure.map { .azure(name: $0) } ?? .github }

  static let shape = Shape<Artifact>.object(
    "artifact", "What is built once and promoted unchanged.",
    .required("image", image.located, "The image, without tag or digest.", example: "ghcr.io/acme/api"),
    .defaulted(
      "identity", .choice([("digest", .digest)]), to: .digest, shown: "digest",
      "What makes two artifacts the same one. `digest`: the image's content."),
    .optional("build", build, "How it is built; without it, the image is built elsewhere and tagged with the commit."),
    .optional("registry", registry, "How to log in to the registry.")
  ) { span, image, identity, build, registry in
    Artifact(image: image, identity: identity, build: build, registry: registry, span: span)
  }
}

extension Shape where Value == String {
  /// The name of an artifact, with `{environment}` in it.
  static let artifactName = Shape.matching(
    "^[A-Za-z0-9._-]*\\{environment\\}[A-Za-z0-9._-]*$",
    "a name with `{environment}` in it, such as `{environment}-release-report`"
  ) { text in
    let parts = text.split(separator: "{environment}", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.joined().utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
      }
  }

  /// A folder of the repository, or `.` for all of it.
  static let scalarPath = Shape(schema: Shape.repositoryPath.schema) { node, reader in
    if reader.document.kind(of: node) == .scalar, reader.document.string(of: node) == "." { return "." }
    return Shape.repositoryPath.read(node, &reader)
  }
}

enum EvidenceShape {
  static let shape = Shape<Evidence>.object(
    "evidence", "The record that every release leaves, good or bad.",
    .optional(
      "template", .repositoryPath,
      "A markdown file in which `{{service}}`, `{{environment}}`, `{{version}}`, `{{previous}}`, `{{commit}}`, `{{date}}`, "
        + "`{{result}}`, `{{reason}}`, `{{run}}`, `{{operator}}` and `{{checks}}` are filled in.",
      example: "ops/templates/evidence.md"),
    .defaulted(
      "directory", .repositoryPath, to: "ops/evidence", shown: "ops/evidence",
      "Where the record lies in the archive, its name starting with the date."),
    .optional(
      "artifact", .artifactName,
      "The name under which GitHub keeps the record, `{environment}` standing for the environment; left out: a name of each "
        + "run's own.", example: "\"{environment}-release-report\"")
  ) { span, template, directory, artifact in
    var evidence = Evidence(template: template, directory: directory, span: span)
    evidence.artifact = artifact
    return evidence
  }
}

enum BeforeMergeShape {
  static let shape = Shape<BeforeMerge>.object(
    "before-merge", "What a pull request must pass before its merge starts a release.",
    .defaulted(
      "branches", Shape<String>.branch.list(atLeast: 1), to: ["main"], shown: "[main]", "The branches merged into."),
    .defaulted(
      "paths", Shape<String>.line.list(), to: [], shown: "[]", "Only changes that touch these paths.",
      example: "[backend/**]"),
    .required(
      "require", Shape<String>.reference.located.list(atLeast: 1), "The checks that must pass.", example: "[ci, review]"
    )
  ) { span, branches, paths, require in BeforeMerge(branches: branches, paths: paths, require: require, span: span) }
}

extension Shape where Value == String {
  /// A branch, or a pattern of branches as GitHub reads it.
  static let branch = matching("^(?!refs/).+$", "the name of a branch, without `refs/heads/`") {
    !$0.hasPrefix("refs/")
  }
}

enum CandidatesShape {
  static let tag = Shape<String>.line.map { text, node, reader -> TagPattern? in
    let pattern = TagPattern(filter: text)
    guard let problem = pattern.problem else { return pattern }
    refuse(text, problem, node, &reader)
    return nil
  }.called("a tag pattern").located

  /// A candidate is told by one pattern, and one that only leaves out lets nothing in.
  private static let candidateTag = tag.map { tag, node, reader -> Located<TagPattern>? in
    guard tag.value.isExclusion else { return tag }
    refuse(tag.value.filter, "a pattern that only leaves out lets nothing in", node, &reader)
    return nil
  }

  private static func refuse(_ text: String, _ problem: String, _ node: NodeID, _ reader: inout SpecReader) {
    reader.sink.report(
      Diagnostic(
        code: "invalid-text", severity: .error, message: "`\(text)` is not a pattern of tags",
        span: reader.document.span(of: node), label: problem,
        help: ["write for example `v*` or `v[0-9]+.[0-9]+.[0-9]+`"]))
  }

  static let shape = Shape<Located<TagPattern>>.object(
    "candidates", "What makes a ref a release candidate.",
    .required(
      "tag", candidateTag, "The pattern of its tag, as GitHub's `on.push.tags` reads it.", example: "\"v*-rc.*\"")
  ) { _, tag in tag }
}
