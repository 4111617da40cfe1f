import ArgumentParser
import Diagnostics
import ReferenceDocs
import ReleaseCompiler

/// Which specs a command works on.
struct SpecArguments: ParsableArguments {
  @Argument(help: "Specs; `-` is standard input. Without any: release.yaml in this folder.")
  var specs: [String] = []

  /// The specs' files. Ends with 3 when there is none, with 2 when one cannot be read.
  func files() throws -> [SourceFile] {
    var paths = specs
    if paths.isEmpty {
      guard Files.isThere("release.yaml") else {
        Terminal.complain(
          "liftlock: no release.yaml in this folder; name a spec, such as: liftlock check path/release.yaml")
        throw ExitCode.noSpec
      }
      paths = ["release.yaml"]
    }
    var files: [SourceFile] = []
    var isBroken = false
    for path in paths {
      do {
        let file = SourceFile(path: path == "-" ? "<standard input>" : path, text: try Files.read(path))
        if ReleaseCompiler.isPolicy(file) {
          Terminal.complain(
            "liftlock: \(file.path) is a policy and no release spec; to judge a spec by it: liftlock check SPEC --policy \(path)"
          )
          isBroken = true
        }
        files.append(file)
      } catch {
        Terminal.complain("liftlock: \(error)" + Self.hint(path))
        isBroken = true
      }
    }
    if isBroken { throw ExitCode.usage }
    return files
  }

  /// What was probably meant by a path that cannot be read.
  private static func hint(_ path: String) -> String {
    if Files.isDirectory(path) {
      let spec = path + (path.hasSuffix("/") ? "" : "/") + "release.yaml"
      return Files.isThere(spec) ? "; did you mean \(spec)?" : "; name a spec, such as \(spec)"
    }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let names = (try? Files.names(in: folder.isEmpty ? "." : folder)) ?? []
    let specs = names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    return Spelling.closest(to: name, among: specs).map { "; did you mean \(folder + $0)?" } ?? ""
  }
}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, oneline, json, sarif, github }

/// How findings are shown.
struct ReportOptions: ParsableArguments {
  @Option(help: "How findings are printed.")
  var format: OutputFormat = .text

  @Option(help: "Colours on standard output.")
  var color: ColorChoice = .auto

  /// Prints all findings. Machine formats print an empty report when there are none; the others print nothing.
  func report(_ checked: [ReleaseCompiler.Checked]) { Findings(format: format, color: color).report(checked) }
  func report(_ judged: Judged) { Findings(format: format, color: color).report(judged) }
}

/// Prints findings.
struct Findings {
  let format: OutputFormat
  let color: ColorChoice

  private var renderer: any DiagnosticRenderer {
    switch format {
    case .text: TextRenderer(color: Terminal.showsColor(color), links: Terminal.links(color))
    case .oneline: OnelineRenderer()
    case .json: JSONRenderer()
    case .github: GitHubAnnotationRenderer()
    case .sarif:
      SARIFRenderer(
        toolName: "liftlock", toolVersion: Liftlock.configuration.version, informationURI: nil, folder: Terminal.folder
      ) { code in
        Explanations.find(code).map { SARIFRule(summary: $0.summary, helpMarkdown: $0.rationale) }
      }
    }
  }

  func report(_ checked: [ReleaseCompiler.Checked]) { report(Judged(specs: checked)) }

  /// Prints all findings. Machine formats print an empty report when there are none, and what comments allow; the others print
  /// nothing.
  func report(_ judged: Judged) {
    var groups = judged.specs.map { (file: $0.file, diagnostics: $0.diagnostics) }
    if format == .json || format == .sarif {
      groups = judged.specs.map { spec in
        var sink = DiagnosticSink()
        for diagnostic in spec.diagnostics + spec.allowed { sink.report(diagnostic) }
        return (file: spec.file, diagnostics: sink.sorted())
      }
    }
    if let policy = judged.policyFile { groups.append((file: policy, diagnostics: judged.inPolicy)) }
    let findings = groups.filter { !$0.diagnostics.isEmpty }
    if findings.isEmpty, format != .json, format != .sarif { return }
    Terminal.print(renderer.render(format == .json || format == .sarif ? groups : findings))
    guard format == .text else { return }
    let all = findings.flatMap(\.diagnostics)
    let errors = all.count { $0.severity == .error }
    Terminal.print(
      "\n"
        + [(errors, "error"), (all.count - errors, "warning")].filter { $0.0 > 0 }
        .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", "))
  }
}
