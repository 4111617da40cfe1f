import ReferenceDocs

// Writes the pages under Docs/ into the repository whose root is the only argument. Tools/generate calls it; it is no
// part of what users get.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

func fail(_ text: String) -> Never {
  let bytes = Array((text + "\n").utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
  exit(2)
}

func save(_ text: String, as path: String) {
  let parts = path.split(separator: "/", omittingEmptySubsequences: false)
  for count in 1..<parts.count {
    let folder = parts[..<count].joined(separator: "/")
    if !folder.isEmpty, mkdir(folder, 0o777) != 0, errno != EEXIST { fail("reference-docs: cannot make \(folder)") }
  }
  guard let file = fopen(path, "w") else { fail("reference-docs: cannot write \(path)") }
  let bytes = Array(text.utf8)
  let written = fwrite(bytes, 1, bytes.count, file)
  guard fclose(file) == 0, written == bytes.count else { fail("reference-docs: cannot write \(path)") }
}

guard CommandLine.arguments.count == 2, let root = CommandLine.arguments.last, !root.isEmpty else {
  fail("usage: reference-docs ROOT")
}
for page in ReferenceFiles.all { save(page.text, as: root + "/" + page.path) }
