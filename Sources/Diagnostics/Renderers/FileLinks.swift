/// Links from a terminal to the files that findings are in, by the escape sequence OSC 8.
///
/// A terminal that does not know it shows the text alone.
public struct FileLinks: Sendable {
  private let host: String
  private let folder: String

  /// `host` is this machine's name, by which a terminal tells files of its own machine from those of one that it is logged in to;
  /// `folder` is absolute, and relative paths are read against it.
  public init(host: String, folder: String) {
    self.host = host
    self.folder = folder
  }

  /// The text as a link to a file; alone for standard input, which is none.
  func link(_ text: String, to path: String) -> String {
    if path.hasPrefix("<") { return text }
    let absolute = path.hasPrefix("/") ? path : (folder == "/" ? "" : folder) + "/" + path
    let address = "file://" + SARIFLocation.percentEncoded(host) + SARIFLocation.percentEncoded(absolute)
    return "\u{1B}]8;;\(address)\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\"
  }
}
